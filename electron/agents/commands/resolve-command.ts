import type { AgentCommand, CommandDeclaration } from '../../../shared/command-agent.ts';
import type { Preset } from '../presets/preset-schema.ts';

/** Everything that a command left open, filled in. */
export function resolveCommand(command: CommandDeclaration, preset: Preset | null): AgentCommand {
  return {
    preset: command.preset ?? null,
    argv: argvOf(command, preset),
    terminal: command.terminal ?? false,
    repository: command.repository ?? null,
    branch: command.branch ?? null,
    cloneToken: command.clone_token ?? null,
    methodology: command.methodology ?? null,
    mounts: (command.mounts ?? []).map(({ source, target, read_only: readOnly }) => ({
      source,
      target,
      readOnly,
    })),
    credentials: (command.credentials ?? []).map(({ secret, variable, file }) => ({
      secret,
      variable: variable ?? null,
      file: file ?? null,
    })),
    environment: { ...preset?.environment, ...command.environment },
    gateway: command.gateway ? { model: command.gateway.model ?? null } : null,
    ...(command.mcp && { mcp: { tools: command.mcp.tools, agents: command.mcp.agents ?? [] } }),
  };
}

/** The hosts that a preset is known to need, unless its model calls go through Holdfast. */
export function hostsOf({ gateway }: CommandDeclaration, preset: Preset | null): readonly string[] {
  return gateway ? [] : (preset?.hosts ?? []);
}

function argvOf({ argv = [], terminal }: CommandDeclaration, preset: Preset | null): string[] {
  const known = (terminal ? preset?.terminal : undefined) ?? preset?.plain;
  const at = known?.indexOf('{argv}') ?? -1;
  if (known && at >= 0) return known.toSpliced(at, 1, ...argv);
  return argv.length > 0 ? argv : (known ?? []);
}
