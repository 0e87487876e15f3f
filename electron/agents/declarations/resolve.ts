import { type Agent, agentSchema, type Declaration } from '../../../shared/agent.ts';
import type { CommandDeclaration } from '../../../shared/command-agent.ts';
import { readHostPattern, writeHostPattern } from '../../../shared/capability/host-pattern.ts';
import { readCapability, writeCapability } from '../../../shared/capability/text.ts';
import { sandboxLimitsSchema } from '../../../shared/session.ts';
import type { CommandPresets } from '../command-presets.ts';
import { hostsOf, resolveCommand } from '../commands/resolve-command.ts';
import type { Preset } from '../presets/preset-schema.ts';
import { scheduleOf } from './schedule.ts';
import { withFolderWord, withoutFolder } from './session-folder-word.ts';

const thousand = 1024;
const million = 1_000_000;

/** Everything that a declaration left open, filled in. It has been read without a problem before. */
export function resolve(declaration: Declaration, presets?: CommandPresets): Agent {
  const { command } = declaration;
  const preset = presetOf(command, presets);
  const schedule = scheduleOf(declaration);
  const { sandbox = {}, memory = {}, notes = {}, budget_config: budget, limits = {} } = declaration;
  const capabilities = [
    ...(declaration.tools ?? []).map((name) => `tool: ${name}`),
    ...canonical(declaration.capabilities ?? []),
    // What it asks for each time, it also has.
    ...canonical(declaration.ask ?? []),
  ];
  return agentSchema.parse({
    name: declaration.name,
    description: declaration.description ?? '',
    models: [...(declaration.model ? [declaration.model] : []), ...(declaration.fallback ?? [])],
    temperature: declaration.temperature ?? null,
    systemPrompt: declaration.system_prompt ?? '',
    capabilities: [...new Set(capabilities)],
    ask: canonical(declaration.ask ?? []),
    approvalRequired: declaration.approval_required ?? [],
    approvals: declaration.approvals ?? 'boundaries',
    lifecycle: declaration.lifecycle ?? 'on-demand',
    sandbox: {
      kind: sandbox.kind ?? 'namespace',
      image: sandbox.image ?? null,
      loopback: sandbox.loopback ?? false,
      unixSockets: sandbox.unix_sockets ?? false,
      limits: sandboxLimitsSchema.parse(sandbox.limits ?? {}),
    },
    folders: declaration.folders ?? [],
    folderMode: declaration.folder_mode ?? 'review',
    network: hosts(declaration.network ?? (command ? hostsOf(command, preset) : [])),
    skills: declaration.skills ?? [],
    memory: {
      contextTokens: tokens(memory.context_window ?? '128k'),
      maxMessages: memory.max_history_messages ?? null,
      summarizationModel: memory.summarization_model ?? null,
      summarizationThreshold: memory.summarization_threshold ?? 0.7,
      archiveDays: memory.archive_ttl_days ?? null,
      episodic: memory.episodic_enabled ?? false,
      episodicMostRecords: memory.episodic_max_records ?? 10_000,
      episodicMostBytes: memory.episodic_max_content_bytes ?? 4096,
    },
    notes: {
      mostCount: notes.max_count ?? 64,
      mostBytes: notes.max_bytes ?? 4096,
      section: notes.prompt_section ?? 'off',
    },
    budget: budget
      ? {
          tokens: budget.max_tokens ?? null,
          micros: budget.max_dollars === undefined ? null : Math.round(budget.max_dollars * million),
          periodSeconds: budget.reset_period_seconds ?? 3600,
        }
      : null,
    limits: {
      iterations: limits.iterations ?? 50,
      tokens: limits.tokens ?? 5_000_000,
      outputTokens: limits.output_tokens ?? 16_384,
      seconds: limits.seconds ?? null,
      nudges: limits.nudges ?? 0,
      continuations: limits.continuations ?? 3,
      children: limits.children ?? 3,
      depth: limits.depth ?? 5,
      repeats: limits.repeats ?? 3,
    },
    outputTool: declaration.output_tool ?? null,
    ...(schedule ? { schedule } : {}),
    ...(command ? { command: resolveCommand(command, preset) } : {}),
  });
}

export function presetOf(
  command: CommandDeclaration | undefined,
  presets: CommandPresets | undefined,
): Preset | null {
  return command?.preset === undefined ? null : (presets?.of(command.preset) ?? null);
}

function canonical(written: readonly unknown[]): string[] {
  return written.map((each) => withFolderWord(writeCapability(readCapability(withoutFolder(each)))));
}

/** Sorted and each once, as capabilities hold them. */
function hosts(written: readonly string[]): string[] {
  const texts = written.map((text) =>
    writeHostPattern(readHostPattern({ text, field: 'network', offset: 0 })),
  );
  return [...new Set(texts)].toSorted();
}

function tokens(window: number | string): number {
  return typeof window === 'number' ? window : Number(window.slice(0, -1)) * thousand;
}
