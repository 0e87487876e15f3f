import type { ApprovalLevel } from '../../../shared/approval.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import { checkInput } from '../../agents/input-check.ts';
import { toldInput } from '../../agents/told-input.ts';
import { crossingsOf } from '../../agents/crossings.ts';
import type { PlannedCall } from '../../approvals/asking.ts';
import { lineCommands } from '../../approvals/line-commands.ts';
import { sessionVersion } from '../../sandbox/session-version.ts';
import type { Tool } from '../../tools/tool.ts';
import { executedFiles } from './executed-files.ts';
import { type AgentSessionFacts, givenFolders } from './facts.ts';
import { planHash } from './sandbox-plan.ts';

/** A call with everything that whoever decides about it looks at. */
export async function plannedCall(
  facts: AgentSessionFacts,
  level: ApprovalLevel,
  call: Id<'call'>,
  tool: Tool,
  input: Readonly<Record<string, unknown>>,
  /** Where the sandbox that it runs in keeps its own versions of folders under review. */
  kept: string,
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
    executed:
      facts.sandbox === 'namespace' ? await executedFiles(intents, folder, await sessionVersion(kept)) : null,
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
    crossings: crossingsOf(tool, intents, {
      ...facts,
      // What is written into the folder of a run is thrown away with it.
      folders: givenFolders(facts),
      commands: (line) => lines.get(line) ?? [null],
    }),
    level,
    difference: tool.proposes?.(input, folder) ?? null,
    ...(await now()),
    now,
    edited(other) {
      const checked = checkInput(tool, other);
      if (!checked.ok) return Promise.reject(new Problem('invalid_input', checked.problem));
      return plannedCall(facts, level, call, tool, checked.input, kept);
    },
  };
}
