import { z } from 'zod';
import { folderModeSchema } from '../../../shared/session.ts';
import { type Run, type RunPayer, type RunWish, runWishSchema } from '../../../shared/run.ts';
import type { Asking, ToolCall } from '../calling/tool.ts';
import { allowedFolders, allowedHosts } from '../reaching/allowed-ceiling.ts';
import { allowedSpending } from '../reaching/allowed-spending.ts';
import type { McpCaller } from '../serving/caller.ts';
import { takeAnswers } from './answering.ts';
import { runAnswer, type runAnswerSchema } from './run-answer.ts';
import { waitFor } from './waiting.ts';

/** What may be said of every run that is begun. */
export const startFields = {
  folders: z
    .array(
      z.strictObject({
        path: z.string().min(1).max(4096).describe('An absolute path'),
        mode: folderModeSchema
          .optional()
          .describe('ro: to read; review: changes wait for the person; rw: to change'),
      }),
    )
    .max(50)
    .default([])
    .describe('Folders of this machine that it may work in'),
  hosts: z
    .array(z.string().min(1).max(500))
    .max(200)
    .default([])
    .describe('Hosts that it may connect to, such as example.org:443'),
  max_tokens: z.int().min(1).optional().describe('What its models may read and write in all'),
  max_dollars: z.number().min(0.000001).max(1_000_000).optional(),
  max_seconds: z.int().min(1).max(2_592_000).optional().describe('From its start to its end'),
  title: z.string().trim().min(1).max(200).optional(),
};

export const waitFields = {
  wait_seconds: z
    .int()
    .min(0)
    .max(3600)
    .default(600)
    .describe('How long to wait; afterwards get_run tells how it goes on'),
  cancel_with_call: z
    .boolean()
    .default(false)
    .describe('Whether cancelling this call also cancels the run, which goes on otherwise'),
};

type Started = z.output<z.ZodObject<typeof startFields>>;

/** One start at a time for each caller: two at once would each count on what is left for one. */
const turns = new Map<string, Promise<unknown>>();

/** Begins a run with no more than the caller has. */
export async function startRun(
  invocation: z.input<typeof runWishSchema>['invocation'],
  given: Started,
  call: ToolCall,
  asks: { sandbox?: 'namespace' | 'container' | null; image?: string | null } = {},
): Promise<Run> {
  const { house, caller } = call;
  const folders = await allowedFolders(caller.rights, given.folders);
  const hosts = allowedHosts(caller.rights, given.hosts);
  const runs = await house.rooms.runs();
  const wish = (spending: { tokens: number | null; micros: number | null }): RunWish =>
    runWishSchema.parse({
      invocation,
      title: given.title ?? null,
      ceiling: {
        folders,
        hosts,
        ...spending,
        seconds: given.max_seconds ?? null,
        ...payerOf(caller),
        ...(asks.sandbox ? { sandbox: asks.sandbox, image: asks.image ?? null } : {}),
      },
    });
  const before = turns.get(caller.id) ?? Promise.resolve();
  const starting = before.then(() => {
    const asked = {
      tokens: given.max_tokens ?? null,
      micros: given.max_dollars === undefined ? null : Math.round(given.max_dollars * 1e6),
    };
    const spending = allowedSpending(house.record, caller, asked, house.clock.now());
    return runs.submitExactly(wish(spending), caller.actor);
  });
  const settled = starting.then(
    () => undefined,
    () => undefined,
  );
  turns.set(caller.id, settled);
  void settled.then(() => turns.get(caller.id) === settled && turns.delete(caller.id));
  return starting;
}

/** What a session begins counts for its agent and itself: two ways to spend are not twice as much. */
function payerOf({ session, name, rights }: McpCaller): { payer?: RunPayer } {
  if (session === null) return {};
  const bound = rights.budget ?? { tokens: null, micros: null, periodSeconds: 0 };
  return { payer: { session, agent: name, ...bound } };
}

type RunAnswer = { output: z.input<typeof runAnswerSchema> };

/** Begins a run, or goes on with the one that this call began before it asked the person something. */
export async function startAndWait(
  begin: () => Promise<Run>,
  {
    wait,
    wait_seconds: seconds,
    cancel_with_call: cancels,
  }: { wait: boolean; wait_seconds: number; cancel_with_call: boolean },
  call: ToolCall,
): Promise<RunAnswer | Asking> {
  const gone = await takeAnswers(call);
  const run = gone ? gone.run : (await begin()).id;
  // What the person would not answer there waits for them here.
  const asking = gone?.declined === true ? { ...call, canAsk: false } : call;
  const seen =
    wait && seconds > 0 ? await waitFor({ run, seconds, cancels }, asking) : await call.runs.get(run);
  return 'asking' in seen ? seen : { output: await runAnswer(seen, call) };
}
