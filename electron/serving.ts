/** The daemon, from its flags to its end. */
import { parseArgs } from 'node:util';
import { Problem, problemCodes } from '../shared/problem.ts';
import { hasDisplay } from './base/display.ts';
import { forgoFormData } from './base/forgo-form-data.ts';
import type { LogForm } from './base/log.ts';
import { openInBrowser } from './base/open-browser.ts';
import type { BegunThread } from './base/thread-begun.ts';
import { type Core, startCore } from './core.ts';

interface Flags {
  data: string | undefined;
  port: number;
  open: boolean;
  json: boolean;
  devOrigin: string | null;
  logForm: LogForm;
}

function readFlags(args: string[]): Flags {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      port: { type: 'string', default: '0' },
      'no-open': { type: 'boolean', default: false },
      'dev-origin': { type: 'string' },
      log: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Problem(
      'invalid_input',
      `--port ${values.port} is no port.`,
      'Give a number up to 65535, or leave it out.',
    );
  }
  const logForm = values.log ?? process.env['HOLDFAST_LOG'] ?? 'file';
  if (logForm !== 'file' && logForm !== 'json' && logForm !== 'pretty') {
    throw new Problem('invalid_input', `--log ${logForm} is no form of log.`, 'Use file, json or pretty.');
  }
  return {
    data: values.data,
    port,
    open: !values['no-open'],
    json: values.json,
    devOrigin: values['dev-origin'] ?? null,
    logForm,
  };
}

const usage = 'There are --data DIR, --port N, --no-open and --log json or pretty.';

/** Life of the file that leads a browser here, where nobody uses it. */
const openFileLife = 60_000;

async function openBrowser(core: Core): Promise<void> {
  let remove = () => Promise.resolve();
  const page = await openInBrowser(
    core.gateway.link(() => void remove()),
    core.paths.data,
  );
  const timer = setTimeout(() => void remove(), openFileLife);
  remove = async () => {
    clearTimeout(timer);
    await page.remove();
  };
  core.whenStopping(remove);
  const failure = await page.failed;
  if (failure) core.log.warn({ err: failure }, 'no browser could be opened');
}

/** Says what went wrong; gives the exit code. */
function tell(thrown: unknown): number {
  const known =
    thrown instanceof TypeError && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS');
  const problem = known ? new Problem('invalid_input', thrown.message, usage) : Problem.of(thrown);
  const words = process.argv.includes('--json')
    ? JSON.stringify({ error: problem.details() })
    : `${problem.message}${problem.mend ? `\n${problem.mend}` : ''}`;
  process.stderr.write(`${words}\n`);
  return problemCodes[problem.code].exit;
}

const fail = (thrown: unknown): never => process.exit(tell(thrown));

async function run(writer: BegunThread): Promise<void> {
  forgoFormData();
  const flags = readFlags(process.argv.slice(2));
  let asked = 0;
  const stop = async (core: Core, reason: string, code: number) => {
    const drain = ++asked === 1;
    await core.stop({ drain, reason });
    process.exit(drain && asked === 1 ? 0 : code);
  };
  const core = await startCore({
    ...flags,
    surface: 'daemon',
    writer,
    stopAsked: (house) => void stop(house, 'asked to', 0).catch(fail),
  });
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
  ] as const) {
    process.on(signal, () => void stop(core, signal, 128 + number).catch(fail));
  }
  process.on('uncaughtException', (failure) => {
    core.log.fatal({ err: failure }, 'an unforeseen failure ends the program');
    void core.stop({ drain: false, reason: 'an unforeseen failure' }).finally(() => process.exit(1));
  });
  // Who started it may have stopped reading.
  process.stdout.on('error', (failure) => core.log.debug({ err: failure }, 'nobody reads what it says'));
  const link = core.gateway.link();
  process.stdout.write(flags.json ? `${JSON.stringify({ link })}\n` : `Holdfast is ready at ${link}\n`);
  core.wake();
  if (flags.open && hasDisplay(process.platform, process.env)) await openBrowser(core);
}

export async function serve(writer: BegunThread): Promise<void> {
  try {
    await run(writer);
  } catch (thrown) {
    const code = tell(thrown);
    await writer.loaded;
    process.exit(code);
  }
}
