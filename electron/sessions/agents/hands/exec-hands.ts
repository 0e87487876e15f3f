import { existsSync } from 'node:fs';
import { lineCommands } from '../../../approvals/line-commands.ts';
import { Problem } from '../../../../shared/problem.ts';
import type { Command, CommandRights, RunningCommand } from '../../../sandbox/sandbox.ts';
import { shellLine } from '../../../tools/shell-command.ts';
import type { SessionRights } from '../../preparing/session-rights.ts';
import type { AgentSessionFacts } from '../facts.ts';
import type { SandboxKeeper } from '../sandbox-keeper.ts';
import { sandboxHome } from './file-hands.ts';
import { commandRights, scratchBeside } from './command-rights.ts';

export interface ExecNeeds {
  readonly facts: AgentSessionFacts;
  readonly rights: SessionRights;
  readonly sandbox: SandboxKeeper;
}

/** Runs a command in the sandbox under the agent’s own rights; the sandbox stands at least until it has ended. */
export async function execIn(
  needs: ExecNeeds,
  { writes, ...command }: Command & { readonly writes: boolean },
  signal: AbortSignal,
): Promise<RunningCommand> {
  const { facts, rights } = needs;
  await authorizeCommand(rights, command.argv);
  return begun(needs, command, commandRights(rights.held(), facts.folders, writes), signal);
}

/** A line for the shell is allowed where every command of it is: nobody writes a right for bash and its options. */
async function authorizeCommand(rights: SessionRights, argv: readonly string[]): Promise<void> {
  const line = shellLine(argv);
  const whole = { kind: 'exec', argv } as const;
  const commands = line === null || rights.permits(whole) ? [null] : await lineCommands(line);
  const known = commands.filter((each) => each !== null);
  const none = known.length === 0 && !rights.held().some(({ kind }) => kind === 'exec');
  if (known.length < commands.length || none) return rights.authorize(whole);
  for (const each of known) await rights.authorize({ kind: 'exec', argv: each });
}

/** Runs a program of Holdfast’s own choosing that sees one place and writes nothing. */
export function lookIn(
  needs: ExecNeeds,
  { read, ...command }: Command & { readonly read: string },
  signal: AbortSignal,
): Promise<RunningCommand> {
  return begun(needs, command, { read: [read], write: [] }, signal);
}

async function begun(
  { facts, sandbox }: ExecNeeds,
  command: Command,
  { read, write }: CommandRights,
  signal: AbortSignal,
): Promise<RunningCommand> {
  // What is not there cannot be allowed; an agent makes it under what is above it.
  const scratch = scratchBeside(facts.folders);
  const there = (path: string) => scratch.includes(path) || existsSync(path);
  const rights = { read: read.filter(there), write: write.filter(there) };
  const standing = await sandbox.hold(signal);
  let running: RunningCommand;
  try {
    if (signal.aborted) throw new Problem('cancelled', 'It was cancelled before it began.');
    const cwd = command.cwd ?? facts.folders[0]?.path ?? null;
    const environment = scratch.includes('/tmp')
      ? command.environment
      : { TMPDIR: sandboxHome, ...command.environment };
    running = await standing.exec({ ...command, cwd, rights, ...(environment ? { environment } : {}) });
  } catch (thrown) {
    sandbox.release();
    throw thrown;
  }
  void running.ended.finally(() => sandbox.release());
  return running;
}
