import type { AgentCommand, CommandDeclaration } from '../../../shared/command-agent.ts';

/** Everything that a command left open, filled in. */
export function resolveCommand(command: CommandDeclaration): AgentCommand {
  return {
    preset: command.preset ?? null,
    argv: command.argv ?? [],
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
    environment: command.environment ?? {},
    gateway: command.gateway ? { model: command.gateway.model ?? null } : null,
  };
}
