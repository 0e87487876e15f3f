import type { Command } from 'commander';
import { Problem } from '../../../shared/problem.ts';
import type { Outcome } from '../../../shared/session.ts';
import { attend } from '../attend.ts';
import type { Client } from '../client.ts';
import { onInterrupt } from '../interrupt.ts';
import { harmless, type Output } from '../output.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { endOfWork } from '../work-lines.ts';
import { type RunOptions, workWishFrom } from '../work-wish.ts';

/** What a command agent may be handed, by whatever verb. */
export function workOptions(command: Command): Command {
  return command
    .option('--branch <branch>', 'the branch that it begins with')
    .option('--work-unit <id>', 'hand it a work unit')
    .option('--request <text>', 'hand it a request')
    .option('--artifact-type <type>', 'hand it an artifact of this type, with --artifact-file')
    .option('--artifact-file <file>', 'the artifact, a JSON document; its name is its id')
    .option('--attach-file <file>', 'a file that it may read; may be repeated', collect)
    .option('--timeout <time>', 'how long it may take, such as 90s or 10m');
}

export function addWorkVerbs(program: Command): void {
  workOptions(
    verb(
      program,
      'run <agent> [repository]',
      'Start a command agent on a fresh clone of a repository, and wait for its end',
      'holdfast run mender ~/project --request "Mend the broken links"',
    ),
  )
    .option('--detach', 'say its id and leave it running')
    .option('--attach', 'show what it writes, and type into it')
    .addHelpText(
      'after',
      '\nIt ends with 0 where the session succeeded, is blocked or found nothing to do, and with 1 otherwise. Ctrl-C stops\nthe session, a second one ends it at once.',
    )
    .action(run);

  verb(
    program,
    'diff <session> [path]',
    'Show what a command agent changed, as a patch that `git apply` takes',
    'holdfast diff ses_01j5 > changes.patch',
  ).action(async (session: string, path: string | undefined, options: Common) => {
    const { client, out } = openSession(options);
    const found = await client.work.difference({ session, path: path ?? null });
    if (found.text === null && !out.json) {
      throw new Problem(
        'conflict',
        `It cannot be shown: ${found.why}.`,
        '`holdfast apply` applies it all the same.',
      );
    }
    if (out.json) return out.result(found, () => []);
    process.stdout.write(process.stdout.isTTY ? plain(found.text ?? '') : (found.text ?? ''));
  });
}

const plain = (text: string) =>
  text
    .split('\n')
    .map((line) => harmless(line.replaceAll('\t', '    ')))
    .join('\n');

async function run(agent: string, repository: string | undefined, options: RunOptions): Promise<void> {
  const { client, out } = openSession(options);
  const terminal = options.attach && !out.json && process.stdin.isTTY && process.stdout.isTTY;
  const size = terminal ? { columns: process.stdout.columns, rows: process.stdout.rows } : null;
  const session = await client.work.start(workWishFrom(agent, repository, options, size));
  if (options.detach) return out.result(session, () => [session.id]);
  out.say(session.id);
  const telling = new AbortController();
  void tellProgress(client, out, session.id, telling.signal);
  const { id } = session;
  const following = options.attach
    ? attend({ client, out, session: id, input: true, own: true })
    : followed(client, out, id);
  const outcome = await following.finally(() => {
    telling.abort();
    out.progressEnd();
  });
  if (outcome === null) {
    return out.say(`It goes on. Come back with \`holdfast attach ${id} --input\`.`);
  }
  await tellEnd(client, out, id, outcome);
}

async function tellEnd(client: Client, out: Output, id: string, outcome: Outcome): Promise<void> {
  const { well, line } = endOfWork(outcome);
  if (!well) process.exitCode = 1;
  const session = await client.sessions.get({ session: id });
  if (out.json) return out.result(session, () => []);
  if (well) process.stdout.write(`${line}\n`);
  else process.stderr.write(`${line}\n`);
  if (outcome.reason !== null) out.say(harmless(outcome.reason));
  if (session.work?.kept) {
    out.say(
      `What it changed is kept: \`holdfast changes ${id}\`, \`holdfast diff ${id}\`, \`holdfast apply ${id} --folder DIR\`.`,
    );
  }
}

/** What it waits for, and that it works, for whoever sits here. */
async function tellProgress(client: Client, out: Output, id: string, signal: AbortSignal): Promise<void> {
  let last: string | null = null;
  try {
    for await (const session of await client.sessions.watch(undefined, { signal })) {
      if (session.id !== id || session.state !== 'preparing' || session.progress === last) continue;
      last = session.progress;
      if (last !== null) out.waiting(harmless(last));
    }
  } catch {
    // How far it has come is not worth failing for; how it ended is told by itself.
  }
}

/** To its end, without what it writes; interrupted, it is stopped. */
async function followed(client: Client, out: Output, session: string): Promise<Outcome> {
  let asked = 0;
  const forget = onInterrupt(() => {
    asked++;
    out.say(asked === 1 ? 'It is being stopped; Ctrl-C again ends it at once.' : 'It is ended.');
    void client.sessions.stop({ session, force: asked > 1 }).catch(() => undefined);
  });
  try {
    for await (const viewed of await client.sessions.attach({ session, input: false, every: false })) {
      if (viewed.kind === 'ended') return viewed.outcome;
    }
  } catch (thrown) {
    const { outcome } = await client.sessions.get({ session });
    if (outcome) return outcome;
    throw thrown;
  } finally {
    forget();
  }
  throw new Problem(
    'unavailable',
    'Holdfast stopped telling of the session before it had ended.',
    'Look for it with `holdfast sessions --all`.',
  );
}
