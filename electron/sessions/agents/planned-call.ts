import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { isAbsolute, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ApprovalLevel } from '../../../shared/approval.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { checkInput } from '../../agents/input-check.ts';
import { toldInput } from '../../agents/told-input.ts';
import { crossingsOf } from '../../agents/crossings.ts';
import type { PlannedCall } from '../../approvals/asking.ts';
import { lineCommands } from '../../approvals/line-commands.ts';
import type { Intent, Tool } from '../../tools/tool.ts';
import type { AgentSessionFacts } from './facts.ts';
import { planHash } from './sandbox-plan.ts';

/** Larger programs are told by nothing: hashing would take longer than anybody waits. */
const largestProgram = 256 * 1024 * 1024;
const systemPrograms = ['/usr/local/bin', '/usr/bin', '/bin'];

/** A call with everything that whoever decides about it looks at. */
export async function plannedCall(
  facts: AgentSessionFacts,
  level: ApprovalLevel,
  call: Id<'call'>,
  tool: Tool,
  input: Readonly<Record<string, unknown>>,
): Promise<PlannedCall> {
  const folder = facts.folders[0]?.path ?? null;
  const intents = tool.intends(input, folder);
  const lines = new Map<string, Awaited<ReturnType<typeof lineCommands>>>();
  for (const intent of intents) {
    if (intent.kind === 'shell') lines.set(intent.line, await lineCommands(intent.line));
  }
  const now = async () => ({
    folder,
    plan: planHash(facts),
    executed: await executedFile(facts, intents, folder),
  });
  return {
    call,
    session: facts.id,
    agent: facts.agent.name,
    tool,
    input,
    told: toldInput(tool, input),
    preview: tool.preview(input),
    intents,
    crossings: crossingsOf(tool, intents, { ...facts, commands: (line) => lines.get(line) ?? [null] }),
    level,
    difference: tool.proposes?.(input, folder) ?? null,
    ...(await now()),
    now,
    edited(other) {
      const checked = checkInput(tool, other);
      if (!checked.ok) return Promise.reject(new Problem('invalid_input', checked.problem));
      return plannedCall(facts, level, call, tool, checked.input);
    },
  };
}

/** SHA-256 of the first program that would run, where it lies on this machine as it does in the sandbox. */
async function executedFile(
  { sandbox }: AgentSessionFacts,
  intents: readonly Intent[],
  folder: string | null,
): Promise<string | null> {
  if (sandbox !== 'namespace') return null;
  for (const intent of intents) {
    const word =
      intent.kind === 'exec' ? intent.argv[0] : intent.kind === 'shell' ? firstWord(intent.line) : undefined;
    if (word === undefined || (intent.kind !== 'exec' && intent.kind !== 'shell')) continue;
    const path = placeOf(word, intent.cwd ?? folder);
    return path === null ? null : hashOf(path);
  }
  return null;
}

function firstWord(line: string): string | undefined {
  return /^\s*([\w./+-]+)(?=\s|$)/.exec(line)?.[1];
}

function placeOf(word: string, cwd: string | null): string | null {
  const isThere = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  const places = word.includes('/')
    ? [isAbsolute(word) ? word : posix.resolve(cwd ?? '/', word)]
    : systemPrograms.map((place) => `${place}/${word}`);
  try {
    return places.find(isThere) ?? null;
  } catch {
    return null;
  }
}

async function hashOf(path: string): Promise<string | null> {
  try {
    if (statSync(path).size > largestProgram) return null;
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch {
    return null;
  }
}
