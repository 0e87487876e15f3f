import type { Command } from 'commander';
import { isOver, type Job } from '../../../shared/job.ts';
import { aligned, harmless, moment, type Tone, tinted } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';
import { firstWords } from './notes.ts';

const tones: Readonly<Record<Job['state'], Tone>> = {
  pending: 'quiet',
  running: 'strong',
  done: 'good',
  failed: 'bad',
  cancelled: 'quiet',
  lost: 'warning',
};

export function addJobVerbs(program: Command): void {
  const jobs = program
    .command('jobs')
    .helpCommand(false)
    .summary('See and end what agents run in the background')
    .description('See and end what agents run in the background.');

  verb(jobs, 'list', 'Say which jobs there are, the newest first', 'holdfast jobs list')
    .option('--session <id>', 'of this session alone')
    .action(async (options: Common & { session?: string }) => {
      const { client, out } = openSession(options);
      const session = options.session as Job['session'] | undefined;
      const list = await client.jobs.list(session === undefined ? {} : { session });
      out.result(list, () =>
        list.length === 0
          ? ['There are no jobs.']
          : aligned(
              list.map(({ id, state, agent, submitted, line }) => [
                id,
                tinted(tones[state], state.padEnd(9)),
                harmless(agent),
                moment(submitted),
                firstWords(line),
              ]),
            ),
      );
    });

  verb(
    jobs,
    'show <id>',
    'Say how a job is, and what it said',
    'holdfast jobs show job_01k2x000000000000000000000',
  ).action(async (id: string, options: Common) => {
    const { client, out } = openSession(options);
    const job = await client.jobs.get({ job: id as Job['id'] });
    out.result(job, () => jobLines(job));
  });

  verb(
    jobs,
    'cancel <id>',
    'End a job and everything that it started',
    'holdfast jobs cancel job_01k2x000000000000000000000',
  ).action(async (id: string, options: Common) => {
    const { client, out } = openSession(options);
    const job = await client.jobs.cancel({ job: id as Job['id'] });
    out.result(job, () => [`${job.id} is ${job.state}.`]);
  });

  verb(
    jobs,
    'watch <id>',
    'Follow a job until it ends; ends with 5 where it failed',
    'holdfast jobs watch job_01k2x000000000000000000000',
  ).action(async (id: string, options: Common) => {
    const { client, out } = openSession(options);
    let before = '';
    let last: Job | null = null;
    for await (const job of await client.jobs.watch({ job: id as Job['id'] })) {
      last = job;
      if (out.json) await out.item(job, () => '');
      else {
        for (const line of news(before, job.stdout)) await out.item(job, () => harmless(line));
        before = job.stdout;
      }
      if (isOver(job.state)) break;
    }
    if (last && !out.json) out.result(last, () => endLines(last));
    if (last && last.state !== 'done') process.exitCode = 5;
  });
}

/** What was said since, as far as it still stands in what is kept. */
function news(before: string, now: string): string[] {
  const whole = (text: string) => text.slice(0, text.lastIndexOf('\n') + 1);
  const fresh = now.startsWith(before) ? whole(now).slice(whole(before).length) : whole(now);
  return fresh.split('\n').slice(0, -1);
}

function endLines({ id, state, error, stderr }: Job): string[] {
  return [
    tinted(tones[state], `${id} is ${state}${error === null ? '' : `: ${harmless(error)}`}.`),
    ...(stderr === '' ? [] : stderr.trimEnd().split('\n').map(harmless)),
  ];
}

function jobLines(job: Job): string[] {
  const { id, state, agent, session, line, code, error, submitted, started, finished, stdout, stderr } = job;
  const facts = [
    ['state', `${state}${error === null ? '' : `: ${error}`}`],
    ['agent', agent],
    ['session', session],
    ['submitted', moment(submitted)],
    ...(started === null ? [] : [['started', moment(started)]]),
    ...(finished === null ? [] : [['finished', moment(finished)]]),
    ...(code === null ? [] : [['exit code', String(code)]]),
  ];
  const said = (name: string, text: string) =>
    text === '' ? [] : ['', tinted('quiet', name), ...text.trimEnd().split('\n').map(harmless)];
  return [
    `${id}: ${harmless(line)}`,
    '',
    ...aligned(facts.map((cells) => cells.map(harmless))),
    ...said('what it said', stdout),
    ...said('what it complained of', stderr),
  ];
}
