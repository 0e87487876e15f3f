import { Problem } from '../../../shared/problem.ts';
import { onTerminal, readHidden } from '../ask.ts';
import type { Client } from '../client.ts';
import { harmless, type Output, tinted } from '../output.ts';

export interface SearchOptions {
  provider?: string;
  model?: string;
  wire?: string;
  search?: string;
  baseUrl?: string;
  keyFromEnv?: string;
  key?: false;
  test?: false;
}

const secret = 'search.key';

/** Sets up the engine that agents search the web with, and asks it once. */
export async function configureSearch(client: Client, out: Output, options: SearchOptions): Promise<void> {
  const engine = engineOf(options.search ?? '');
  if (options.provider ?? options.model ?? options.wire) {
    throw new Problem(
      'invalid_input',
      '--search is about no provider of models.',
      'Set up the one and then the other.',
    );
  }
  const before = await client.settings.get();
  const url = options.baseUrl ?? (before['search.engine'] === engine ? before['search.url'] : null);
  if (engine === 'searxng' && url === null) {
    throw new Problem(
      'invalid_input',
      'Where does SearXNG listen?',
      'Give its address: `--base-url http://localhost:8888`.',
    );
  }
  const same = before['search.engine'] === engine ? before['search.secret'] : null;
  const key = engine === null || options.key === false ? undefined : await keyFor(engine, same, options);
  if (key !== undefined) await client.secrets.set({ name: same ?? secret, value: key });
  const kept = options.key === false || engine === null ? null : key === undefined ? same : (same ?? secret);
  // The engine last: until then no agent is offered what is half set up.
  await client.settings.set({ key: 'search.url', value: engine === null ? null : url });
  await client.settings.set({ key: 'search.secret', value: kept });
  await client.settings.set({ key: 'search.engine', value: engine });
  const tested = engine !== null && options.test !== false;
  const trial = tested ? await client.search.try({ query: 'Holdfast', count: 3 }) : null;
  const result = { engine, url: engine === null ? null : url, secret: kept, trial };
  out.result(result, () => {
    if (engine === null) return ['Agents search the web no more.'];
    if (!trial) return [`Agents that hold web_search search with ${engine}.`];
    return [
      tinted('good', `${trial.engine} answers; agents that hold web_search search with it.`),
      ...trial.pages.map(({ title, url: at }) => `  ${harmless(title)} ${tinted('quiet', harmless(at))}`),
    ];
  });
}

function engineOf(text: string): 'searxng' | 'brave' | null {
  if (text === 'searxng' || text === 'brave') return text;
  if (text === 'none') return null;
  throw new Problem(
    'invalid_input',
    `“${text}” is no engine that is known.`,
    'There are searxng, brave and none.',
  );
}

async function keyFor(
  engine: 'searxng' | 'brave',
  kept: string | null,
  { keyFromEnv }: SearchOptions,
): Promise<string | undefined> {
  if (keyFromEnv !== undefined) {
    const value = process.env[keyFromEnv];
    if (value) return value;
    throw new Problem('invalid_input', `${keyFromEnv} is not in the environment, or empty.`);
  }
  if (engine === 'searxng' || (kept !== null && !onTerminal())) return undefined;
  if (!onTerminal()) {
    throw new Problem(
      'invalid_input',
      'Brave Search wants a key, and there is nobody to ask.',
      'Name the variable that holds it with --key-from-env.',
    );
  }
  const empty = kept === null ? 'empty for none' : 'empty keeps the one that is kept';
  const typed = await readHidden(`Key of Brave Search (not shown; ${empty}): `);
  return typed === '' ? undefined : typed;
}
