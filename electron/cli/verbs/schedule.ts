import { realpathSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { Objective } from '../../../shared/objective.ts';
import { plural } from '../../../shared/plural.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Client } from '../client.ts';
import { aligned, harmless, moment } from '../output.ts';
import { runWishFrom, type SubmitOptions } from '../run-wish.ts';
import { type Common, openSession, verb } from '../session.ts';
import { readCount, readSeconds } from '../values.ts';
import { type RunOptions, workWishFrom } from '../work-wish.ts';
import { submitOptions } from './runs.ts';
import { workOptions } from './work.ts';

interface AddOptions extends Common {
  cron: string;
  zone?: string;
  overlap: 'allow' | 'skip' | 'queue';
  catchUp?: true;
  jitter?: string;
  backOff?: true;
  pauseAfter?: string;
  replace?: true;
}

type Work = Parameters<Client['objectives']['save']>[0]['work'];

/** Standing instructions: what begins by itself, and when. */
export function addScheduleVerbs(program: Command): void {
  const schedule = program
    .command('schedule')
    .helpCommand(false)
    .summary('Begin goals, recipes and agents by a schedule')
    .description('Begin goals, recipes and agents by a schedule.');
  addMaking(schedule);
  addLooking(schedule);
  for (const [name, summary] of [
    ['pause', 'Begin nothing more by it'],
    ['resume', 'Go on with it; its failures are forgotten'],
  ] as const) {
    verb(schedule, `${name} <objective>`, summary, `holdfast schedule ${name} nightly`).action(
      async (objective: string, options: Common) => {
        const { client, out } = openSession(options);
        const now = await client.objectives[name]({ name: objective });
        out.result(now, () => lines(now));
      },
    );
  }
  verb(
    schedule,
    'run <objective>',
    'Begin it now, whatever its schedule says',
    'holdfast schedule run nightly',
  ).action(async (objective: string, options: Common) => {
    const { client, out } = openSession(options);
    const begun = await client.objectives.run({ name: objective });
    out.result(begun, () => [begun.thing]);
  });
  verb(
    schedule,
    'remove <objective>',
    'Remove it; what it began goes on',
    'holdfast schedule remove nightly',
  ).action(async (objective: string, options: Common) => {
    const { client, out } = openSession(options);
    await client.objectives.remove({ name: objective });
    out.result({ name: objective }, () => [`Removed ${harmless(objective)}.`]);
  });
}

function addMaking(schedule: Command): void {
  verb(
    schedule,
    'add <name> <what...>',
    'Make an objective: behind “--” stands what it begins, as `submit` and `run` take it',
    'holdfast schedule add nightly --cron "30 2 * * *" -- submit --recipe large-files --param folder=/srv',
  )
    .requiredOption('--cron <fields>', 'minute, hour, day of month, month and day of week')
    .option('--zone <zone>', 'the time zone, such as Europe/Berlin (default: this machine’s)')
    .addOption(
      new Option('--overlap <way>', 'where the one before still runs')
        .choices(['allow', 'skip', 'queue'])
        .default('allow'),
    )
    .option('--catch-up', 'make up once for times at which Holdfast did not run')
    .option('--jitter <time>', 'begin up to so much later, by chance, such as 5m')
    .option('--back-off', 'after failures leave out more times each time')
    .option('--pause-after <number>', 'failures in a row that pause it')
    .option('--replace', 'change the one that has this name')
    .action(async (name: string, what: string[], options: AddOptions) => {
      const { client, out } = openSession(options);
      const { cron, zone = null, overlap, catchUp, jitter, backOff, pauseAfter, replace } = options;
      const made = await client.objectives.save({
        name,
        timing: { cron, zone },
        policy: {
          overlap,
          catchUp: catchUp ? 'once' : 'none',
          jitterSeconds: jitter === undefined ? 0 : readSeconds('--jitter', jitter),
          backOff: backOff === true,
          pauseAfter: pauseAfter === undefined ? null : readCount('--pause-after', pauseAfter, 1, 1000),
        },
        work: await workFrom(client, what),
        replace: replace === true,
      });
      out.result(made, () => lines(made));
    });
}

/** Reads what stands behind “--” exactly as the verb of that name does. */
async function workFrom(client: Client, what: readonly string[]): Promise<Work> {
  let work: Promise<Work> | undefined;
  const here = realpathSync(process.cwd());
  const reader = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  submitOptions(reader.command('submit [goal]')).action(
    (goal: string | undefined, options: SubmitOptions) => {
      work = runWishFrom(client, goal, options, here).then((wish) => ({ kind: 'run', wish }));
    },
  );
  workOptions(reader.command('run <agent> [repository]')).action(
    (agent: string, repository: string | undefined, options: RunOptions) => {
      work = Promise.resolve({ kind: 'agent', wish: workWishFrom(agent, repository, options, null) });
    },
  );
  try {
    reader.parse(what, { from: 'user' });
  } catch (failure) {
    throw notUnderstood((failure as Error).message);
  }
  return work ?? Promise.reject(notUnderstood('it is neither “submit …” nor “run …”'));
}

function notUnderstood(why: string): Problem {
  return new Problem(
    'invalid_input',
    `What it should begin is not understood: ${why.replace(/^error: /, '')}.`,
    'For example: `-- submit "Tidy the inbox" --folder ~/mail:rw`, or `-- run mender ~/project`.',
  );
}

function addLooking(schedule: Command): void {
  verb(schedule, 'list', 'Say which there are, and when they are due', 'holdfast schedule list').action(
    async (options: Common) => {
      const { client, out } = openSession(options);
      const found = await client.objectives.list();
      out.result(found, () =>
        found.length === 0
          ? ['Nothing has a schedule.']
          : aligned(
              found.map((each) => [
                harmless(each.name),
                each.timing.cron,
                standing(each),
                harmless(each.words),
              ]),
            ),
      );
    },
  );

  verb(schedule, 'show <objective>', 'Say how its last times went', 'holdfast schedule show nightly').action(
    async (objective: string, options: Common) => {
      const { client, out } = openSession(options);
      const found = await client.objectives.get({ name: objective });
      out.result(found, () => lines(found));
    },
  );
}

function standing({ problem, paused, running, next }: Objective): string {
  if (problem !== null) return 'has a mistake';
  if (paused) return 'paused';
  if (running > 0) return 'runs';
  return next[0] === undefined ? '–' : `next ${moment(next[0])}`;
}

function lines(objective: Objective): string[] {
  const { name, words, timing, pausedWhy, problem, next, failures, times } = objective;
  const zone = timing.zone === null ? '' : ` (${timing.zone})`;
  return [
    `${name}: ${words}`,
    `at ${timing.cron}${zone}, ${standing(objective)}${pausedWhy === null ? '' : `: ${pausedWhy}`}`,
    ...(problem === null ? [] : [problem]),
    ...(failures > 0 ? [`failed ${plural(failures, 'time')} in a row`] : []),
    ...next.map((time) => `  next  ${moment(time)}`),
    ...times.map(({ due, what, thing, outcome, reason }) =>
      `  ${moment(due)}  ${what}  ${outcome ?? (thing === null ? '' : 'runs')} ${thing ?? ''} ${reason ?? ''}`.trimEnd(),
    ),
  ].map(harmless);
}
