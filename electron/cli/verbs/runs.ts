import { realpathSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { approvalLevels } from '../../../shared/approval.ts';
import type { Params, Subtask } from '../../../shared/plan.ts';
import { Problem } from '../../../shared/problem.ts';
import { type Run, runStates } from '../../../shared/run.ts';
import type { Client } from '../client.ts';
import { eventsOf, followRun } from '../follow-run.ts';
import { aligned, harmless, type Output } from '../output.ts';
import { runCells, runLines } from '../run-lines.ts';
import { deedWords, runWishFrom, type SubmitOptions } from '../run-wish.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { readCount } from '../values.ts';

export function addRunVerbs(program: Command): void {
  addSubmit(program);
  addLooking(program);
  addAgain(program);
}

/** What a run may be asked for, by whatever verb. */
export function submitOptions(command: Command): Command {
  return command
    .option('--recipe <name>', 'a saved plan instead of a goal; `holdfast recipes list` says which there are')
    .option('--param <name=value>', 'a parameter of the recipe; repeated ones are a list', collect)
    .option('--plan <file>', 'a plan in JSON instead of a goal')
    .option('--agent <name>', 'let one agent do it, unplanned')
    .addOption(
      new Option('--mode <mode>', 'how a goal is gone about; auto: a model chooses')
        .choices(['auto', 'plan', 'direct'])
        .default('auto'),
    )
    .option(
      '--folder <dir[:mode]>',
      'a folder that it may use: ro (the default), rw or review; may be repeated',
      collect,
    )
    .option('--allow-host <host>', 'a host that it may reach; may be repeated', collect)
    .option('--sandbox <kind>', 'namespace or container')
    .option('--image <image>', 'make containers from this image')
    .addOption(new Option('--level <level>', 'what asks').choices(approvalLevels))
    .addOption(
      new Option('--approve-plan <when>', 'when a plan is put before you first')
        .choices(['never', 'always', 'beyond'])
        .default('beyond'),
    )
    .option('--dollars <amount>', 'what it may spend')
    .option('--tokens <number>', 'how many tokens it may use')
    .option('--time <time>', 'how long it may take, such as 90s or 10m')
    .option('--parts <number>', 'how many of its parts may run at the same time')
    .option('--priority <number>', '0 to 255; the higher begins first (default: 128)')
    .option('--title <title>', 'what it is called')
    .option('--deny', 'deny whatever would ask');
}

function addSubmit(program: Command): void {
  submitOptions(
    verb(
      program,
      'submit [goal]',
      'Start a goal, a recipe or a plan, and show what happens until its end',
      'holdfast submit --recipe clean-run --param command=date',
    ),
  )
    .option('--preview', 'only say what it would be allowed')
    .option('--detach', 'say its id and leave it running')
    .addHelpText(
      'after',
      '\nCtrl-C leaves it running and says how to come back; twice within two seconds stops it. It ends with the\ncode of its outcome.',
    )
    .action(submit);
}

async function submit(goal: string | undefined, options: SubmitOptions): Promise<void> {
  const { client, out } = openSession(options);
  const wish = await runWishFrom(client, goal, options, realpathSync(process.cwd()));
  if (options.preview) {
    const preview = await client.runs.preview(wish);
    out.result(preview, () => previewLines(preview));
    if (preview.problems.length > 0) process.exitCode = 2;
    return;
  }
  const run = await client.runs.submit(wish);
  if (options.detach) return out.result(run, () => [run.id]);
  out.say(`${run.id}: ${harmless(run.title)}`);
  for (const line of deedWords(run.ceiling)) out.say(harmless(line));
  await followRun({ client, out, run: run.id, own: true });
}

function previewLines(preview: Awaited<ReturnType<Client['runs']['preview']>>): string[] {
  return [
    ...preview.problems.map((problem) => `It cannot be started: ${problem}`),
    ...preview.rights.map((right) => `It may ${right}`),
    ...preview.beyond.map((right) => `It asks besides: ${right}`),
    ...preview.parts.flatMap(({ name, role, rights, dropped }) => [
      `  ${name} (${role})`,
      ...rights.map((right) => `    may ${right}`),
      ...dropped.map((right) => `    may not: ${right}`),
    ]),
  ].map(harmless);
}

function addLooking(program: Command): void {
  verb(program, 'list [words...]', 'List runs, the newest first', 'holdfast list --state running')
    .addOption(new Option('--state <state>', 'only those that are').choices(runStates))
    .option('--most <number>', 'how many at most', '50')
    .action(async (words: string[], options: Common & { state?: Run['state']; most: string }) => {
      const { client, out } = openSession(options);
      const most = readCount('--most', options.most, 1, 1000);
      const text = words.join(' ');
      const runs = await client.runs.list({
        most,
        ...(options.state ? { state: options.state } : {}),
        ...(text === '' ? {} : { text }),
      });
      out.result(runs, () => (runs.length > 0 ? aligned(runs.map(runCells)) : ['None.']));
    });

  verb(
    program,
    'plan <run>',
    'Show the plan of a run, or answer one that waits',
    'holdfast plan run_01j5 --start',
  )
    .option('--start', 'let it start')
    .option('--widen', 'let it start, with all that it asks for beyond what it was given')
    .option('--refuse', 'do not let it start')
    .action(async (run: string, options: Common & { start?: true; widen?: true; refuse?: true }) => {
      const { client, out } = openSession(options);
      const widen = options.widen === true;
      if (options.refuse && (widen || options.start)) {
        throw new Problem('invalid_input', 'Give one of --start, --widen and --refuse.');
      }
      if (widen || options.start || options.refuse) {
        const now = await client.runs.answerPlan({ run, answer: options.refuse ? 'refuse' : 'start', widen });
        return out.result(now, () => [runCells(now).join('  ')]);
      }
      const shown = await client.runs.plan({ run });
      out.result(shown, () => planLines(shown));
    });

  verb(
    program,
    'output <run> [path]',
    'List the files that a run left, or write one of them to standard output',
    'holdfast output run_01j5',
  ).action(async (run: string, path: string | undefined, options: Common) => {
    const { client, out } = openSession(options);
    const whole = await client.runs.get({ run });
    if (path === undefined) {
      return out.result(whole.outputs, () => whole.outputs.map((each) => harmless(each.path)));
    }
    await writeOutput(client, run, path);
  });

  verb(program, 'pin <run>', 'Keep the folder of a run beyond its time', 'holdfast pin run_01j5')
    .option('--no', 'let it be removed in its time again')
    .action(async (run: string, options: Common & { no?: boolean }) => {
      const { client, out } = openSession(options);
      const now = await client.runs.pin({ run, pinned: options.no !== true });
      out.result(now, () => [runCells(now).join('  ')]);
    });
}

/** A plan that waits for a person: its parts have not begun to be anything. */
function waitingLines(subtasks: readonly Subtask[]): string[] {
  if (subtasks.length === 0) return ['There is no plan yet.'];
  return aligned(
    subtasks.map(({ id, role, title, depends_on: after }) => [
      harmless(id),
      harmless(role),
      after.length > 0 ? `after ${harmless(after.join(', '))}` : '',
      harmless(title ?? ''),
    ]),
  );
}

function planLines({ plan, subtasks }: Awaited<ReturnType<Client['runs']['plan']>>): string[] {
  if (subtasks.length === 0) return waitingLines(plan?.subtasks ?? []);
  return aligned(
    subtasks.map(({ name, role, state, kept, dependsOn, title }) => [
      harmless(name),
      kept ? 'kept' : state,
      role,
      dependsOn.length > 0 ? `after ${harmless(dependsOn.join(', '))}` : '',
      harmless(title),
    ]),
  );
}

async function writeOutput(client: Client, run: string, path: string): Promise<void> {
  for (let offset: number | null = 0; offset !== null;) {
    const piece: Awaited<ReturnType<Client['runs']['output']>> = await client.runs.output({
      run,
      path,
      offset,
    });
    process.stdout.write(piece.text ?? Buffer.from(piece.base64 ?? '', 'base64'));
    offset = piece.next;
  }
}

function addAgain(program: Command): void {
  verb(
    program,
    'retry <run>',
    'Start what did not succeed of a run once more, as a run of its own with the rest kept',
    'holdfast retry run_01j5',
  )
    .option('--detach', 'say its id and leave it running')
    .action(async (run: string, options: Common & { detach?: true }) => {
      const { client, out } = openSession(options);
      await goOn(client, out, await client.runs.retry({ run }), options.detach);
    });

  verb(
    program,
    'fork <run> <parts...>',
    'Start a run anew from some of its parts on, with the results before them kept',
    'holdfast fork run_01j5 write',
  )
    .option('--param <part.name=value>', 'another parameter of a part; may be repeated', collect)
    .option('--detach', 'say its id and leave it running')
    .action(async (run: string, from: string[], options: Common & { param?: string[]; detach?: true }) => {
      const { client, out } = openSession(options);
      const forked = await client.runs.fork({ run, from, params: readPartParams(options.param ?? []) });
      await goOn(client, out, forked, options.detach);
    });
}

async function goOn(client: Client, out: Output, run: Run, detach: true | undefined): Promise<void> {
  if (detach) return out.result(run, () => [run.id]);
  out.say(`${run.id}: ${harmless(run.title)}`);
  await followRun({ client, out, run: run.id, own: true });
}

function readPartParams(given: readonly string[]): Record<string, Params> {
  const params: Record<string, Params> = {};
  for (const text of given) {
    const [, part = '', name = '', value = ''] = /^([^=]+)\.([^=.]+)=(.*)$/s.exec(text) ?? [];
    if (part === '') {
      throw new Problem('invalid_input', `--param ${text} is not understood.`, 'Write PART.NAME=VALUE.');
    }
    params[part] = { ...params[part], [name]: value };
  }
  return params;
}

export { isRun } from '../reviewed.ts';

export async function showRun(client: Client, out: Output, run: string): Promise<void> {
  const whole = await client.runs.get({ run });
  const { subtasks } = await client.runs.plan({ run: whole.id });
  out.result({ run: whole, subtasks }, () => runLines(whole, subtasks, new Date()));
}

export async function steerRun(
  client: Client,
  out: Output,
  run: string,
  how: 'pause' | 'resume' | 'stop',
): Promise<void> {
  const now = await client.runs[how]({ run });
  out.result(now, () => [runCells(now).join('  ')]);
}

/** What happened in a run so far, and with `follow` until its end. */
export async function logRun(client: Client, out: Output, run: string, follow: boolean): Promise<void> {
  const whole = await client.runs.get({ run });
  if (follow) return followRun({ client, out, run: whole.id, own: false });
  await eventsOf(client, out, whole.id);
}
