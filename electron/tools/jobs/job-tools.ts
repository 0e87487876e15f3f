import { z } from 'zod';
import { intendedPath, pathInput, wholePath } from '../files/paths.ts';
import type { JobFacts } from '../hands.ts';
import { found } from '../results.ts';
import { isOver } from '../../../shared/job.ts';
import { tool } from '../tool.ts';
import { withinHoldfast } from '../within-holdfast.ts';

const job = z.string().min(1).max(40).describe('A job’s id, job_…');
const labels = z.record(z.string().min(1).max(64), z.string().max(256)).default({});

const told = ({ id, state, line, labels: named, code, error, stdout, stderr }: JobFacts) => ({
  id,
  state,
  command: line,
  labels: named,
  exit_code: code,
  error,
  stdout,
  stderr,
});

export const jobSubmit = tool({
  name: 'job_submit',
  title: 'Start a job',
  description:
    'Starts a line of bash in the sandbox that goes on while you do something else, and returns its id at once: for what takes long, such as builds, tests and servers. Ten run side by side, others wait. Look with job_status, wait with job_wait. A job ends with its session.',
  input: z.strictObject({
    command: z.string().min(1).max(65_536).describe('For bash, without start-up files'),
    cwd: pathInput.nullable().default(null).describe('null: the session’s folder'),
    stdin: z.string().max(1_000_000).default(''),
    writes: z.boolean().default(true).describe('Whether it may change files outside /tmp'),
    labels: labels.describe('Words to find it by'),
  }),
  ...withinHoldfast,
  needs: 'exec of the command; what it reads and writes is held to the agent’s own rights',
  surface: 'sandbox',
  intends: ({ command, cwd, writes }, folder) => [
    { kind: 'shell', line: command, cwd: cwd === null ? folder : intendedPath(cwd, folder), writes },
  ],
  preview: ({ command }) => command,
  async run({ command, cwd, stdin, writes, labels: named }, hands) {
    const place = cwd === null ? hands.folder : wholePath(cwd, hands.folder);
    const started = await hands.jobs.submit({ line: command, cwd: place, stdin, writes, labels: named });
    return found({ id: started.id, state: started.state });
  },
});

export const jobStatus = tool({
  name: 'job_status',
  title: 'Look at a job',
  description: 'Returns how a job is, and the beginning and the end of what it has said so far.',
  input: z.strictObject({ job }),
  ...withinHoldfast,
  parallel: true,
  preview: ({ job: id }) => id,
  run: async ({ job: id }, hands) => found(told(await hands.jobs.get(id))),
});

export const jobList = tool({
  name: 'job_list',
  title: 'List jobs',
  description: 'Lists the jobs of this session, the newest first; with labels, those that have all of them.',
  input: z.strictObject({ labels }),
  ...withinHoldfast,
  parallel: true,
  preview: ({ labels: named }) =>
    Object.entries(named)
      .map((pair) => pair.join('='))
      .join(' '),
  async run({ labels: named }, hands) {
    const jobs = await hands.jobs.list(named);
    const rows = jobs.map(({ id, state, line, code, labels: its }) => ({
      id,
      state,
      command: line.slice(0, 200),
      exit_code: code,
      labels: its,
    }));
    return found({ jobs: rows.slice(0, 200), count: rows.length });
  },
});

export const jobCancel = tool({
  name: 'job_cancel',
  title: 'Cancel a job',
  description: 'Ends a job and everything that it started.',
  input: z.strictObject({ job }),
  ...withinHoldfast,
  preview: ({ job: id }) => id,
  run: async ({ job: id }, hands) => found(told(await hands.jobs.cancel(id))),
});

const waiting = (most: string) => ({
  input: z.strictObject({ job, seconds: z.int().min(1).max(3600).default(600).describe(most) }),
  ...withinHoldfast,
  parallel: true,
  preview: ({ job: id }: { job: string }) => id,
});

const withPatience = (signal: AbortSignal, seconds: number) =>
  AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);

export const jobWait = tool({
  name: 'job_wait',
  title: 'Wait for a job',
  description:
    'Waits until a job has ended, at most so many seconds, and returns how it is and what it said. Where you are interrupted while you wait, the job is cancelled; use job_watch where it should go on.',
  ...waiting('After them it goes on, and you are told how it is'),
  async run({ job: id, seconds }, hands, signal) {
    let last: JobFacts | null = null;
    for await (const facts of hands.jobs.watch(id, withPatience(signal, seconds))) last = facts;
    if (signal.aborted && last && !isOver(last.state)) last = await hands.jobs.cancel(id);
    return found(last && told(last));
  },
});

export const jobWatch = tool({
  name: 'job_watch',
  title: 'Watch a job',
  description:
    'Waits until a job says something more or ends, at most so many seconds, and returns how it is. The job goes on whatever happens to you meanwhile.',
  ...waiting('After them you are told how it is all the same'),
  async run({ job: id, seconds }, hands, signal) {
    let last: JobFacts | null = null;
    for await (const facts of hands.jobs.watch(id, withPatience(signal, seconds))) {
      const first = last;
      last = facts;
      const said = first && (first.stdout !== facts.stdout || first.stderr !== facts.stderr);
      if (said || isOver(facts.state)) break;
    }
    return found(last && told(last));
  },
});
