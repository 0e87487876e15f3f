import { realpathSync } from 'node:fs';
import type { Command } from 'commander';
import { problemOf } from '../../../shared/contract/problems.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Outcome, Session } from '../../../shared/session.ts';
import { agreed, onTerminal } from '../ask.ts';
import { attend } from '../attend.ts';
import { changeCount, changeLines } from '../changes.ts';
import type { Client } from '../client.ts';
import { onInterrupt } from '../interrupt.ts';
import { harmless, type Output } from '../output.ts';
import { waitingWords } from '../reviewed.ts';
import { collect, openSession, verb } from '../session.ts';
import { type ShellOptions, wishFrom } from '../shell-wish.ts';

/** Ends this program as the session ended, and says why where that is no matter of course. */
export function endWith(out: Output, { label, code, reason }: Outcome): void {
  process.exitCode = code;
  if (label === 'success' || (label === 'work_failed' && reason === null)) return;
  out.say(harmless(`${label.replaceAll('_', ' ')}${reason === null ? '' : `: ${reason}`}`));
}

export function addShellVerb(program: Command): void {
  verb(
    program,
    'shell [command...]',
    'Run a command, or a terminal, that sees your folders only as you say',
    'holdfast shell --folder ~/project:review --allow-host api.example.org -- npm test',
  )
    .passThroughOptions()
    .option(
      '--folder <dir[:mode]>',
      'a folder it sees: ro (the default), rw, or review; may be repeated',
      collect,
    )
    .option('--sandbox <kind>', 'namespace or container', 'namespace')
    .option('--image <image>', 'make the container from this image')
    .option(
      '--allow-host <host>',
      'a host it may connect to, such as example.org:443; may be repeated',
      collect,
    )
    .option('--memory <size>', 'most memory, such as 512M')
    .option('--disk <size>', 'most that it may write')
    .option('--cpus <number>', 'how many processors')
    .option('--processes <number>', 'how many processes at a time')
    .option('--time <time>', 'how long it may take, such as 90s or 10m')
    .option('--supervised', 'where the kernel cannot hold a total here, end the session when it is exceeded')
    .option('--loopback', 'TCP among its own programs')
    .option('--unix-sockets', 'unix sockets among its own programs')
    .option('--env <name=value>', 'a variable, never a secret; may be repeated', collect)
    .option('--secret <file=name>', 'a stored secret as a file below /run/secrets; may be repeated', collect)
    .option('--cwd <dir>', 'where it begins (default: here, where that is granted)')
    .option('--no-terminal', 'pipes, also on a terminal')
    .option('--detach', 'say its id and leave it running')
    .addHelpText(
      'after',
      '\nIt sees no folder of yours that is not named, reaches no host that is not named, and ends with its\nprogram’s own exit code. Without a command it is your shell. Ctrl-\\ twice leaves a terminal running.',
    )
    .action(run);
}

async function run(command: readonly string[], options: ShellOptions): Promise<void> {
  const { client, out } = openSession(options);
  const terminal =
    options.terminal && !options.detach && !out.json && process.stdin.isTTY && process.stdout.isTTY;
  const wish = wishFrom(command, options, {
    folder: realpathSync(process.cwd()),
    environment: process.env,
    size: terminal ? { columns: process.stdout.columns, rows: process.stdout.rows } : null,
  });
  const givingUp = new AbortController();
  const forget = onInterrupt(() => givingUp.abort());
  const telling = new AbortController();
  void tellProgress(client, out, wish, telling.signal);
  const session = await startUnlessGivenUp(client, wish, givingUp.signal).finally(() => {
    telling.abort();
    out.progressEnd();
    forget();
  });
  if (options.detach) return out.result(session, () => [session.id]);
  const outcome = await attend({ client, out, session: session.id, input: true, own: true });
  if (outcome === null)
    return out.say(`It goes on. Come back with \`holdfast attach ${session.id} --input\`.`);
  endWith(out, outcome);
  try {
    await review(client, out, session);
  } catch (thrown) {
    // What the program ended with is what this command ends with; the changes wait.
    const { message, mend } = problemOf(thrown);
    for (const line of [message, ...(mend === undefined ? [] : [mend])]) out.say(harmless(line));
  }
}

/** While an image is fetched, nothing of the session is to be seen but that. */
async function tellProgress(
  client: Client,
  out: Output,
  wish: ReturnType<typeof wishFrom>,
  signal: AbortSignal,
): Promise<void> {
  if (!wish.image) return;
  try {
    for await (const { state, progress, image, argv } of await client.sessions.watch(undefined, { signal })) {
      if (state !== 'preparing' || progress === null || image !== wish.image) continue;
      if (argv.join('\0') === wish.argv.join('\0')) out.waiting(harmless(progress));
    }
  } catch {
    // How far it has come is not worth failing for; why it cannot start is told by the start itself.
  }
}

async function startUnlessGivenUp(
  client: Client,
  wish: ReturnType<typeof wishFrom>,
  signal: AbortSignal,
): Promise<Session> {
  try {
    return await client.sessions.start(wish, { signal });
  } catch (thrown) {
    if (signal.aborted) throw new Problem('cancelled', 'It was not started.', undefined, { cause: thrown });
    throw thrown;
  }
}

/** After a session with folders under review: shows what changed and asks, or says how to go on. */
async function review(client: Client, out: Output, { id }: Session): Promise<void> {
  const session = await client.sessions.get({ session: id });
  if (session.state !== 'reviewing' || out.json) return;
  const folders = await client.sessions.changes({ session: id });
  for (const line of changeLines(folders)) out.say(line);
  const number = changeCount(folders);
  if (
    number > 0 &&
    onTerminal() &&
    (await agreed(`Apply ${number === 1 ? 'this change' : `these ${number} changes`}?`))
  ) {
    const { applied, left } = await client.sessions.apply({ session: id, keys: null });
    out.say(`Applied ${applied}${left > 0 ? `; ${left} wait still` : ''}.`);
    return;
  }
  out.say(waitingWords(id));
}
