import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startDaemon, testFolder, until } from './testing/launch.ts';

/**
 * What no start waits for: rooms are built when somebody first asks (`later`), and what they alone need is loaded with
 * them. Whatever is built later is listed here.
 */
const heavy = [
  'electron/agents/',
  'electron/approvals/',
  'electron/capabilities/capability-tokens.ts',
  'electron/mcp/',
  'electron/models/',
  'electron/planning/',
  'electron/runs/carrying/',
  'electron/runs/runs.ts',
  'electron/runs/scheduling/',
  'electron/sandbox/',
  'electron/sessions/sessions.ts',
  'electron/sessions/work-sessions.ts',
  'electron/sessions/working/',
  'electron/tools/',
  'node_modules/@modelcontextprotocol/',
  'node_modules/@orpc/openapi/',
  'node_modules/ajv/',
  'node_modules/dockerode/',
  'node_modules/node-pty/',
  'node_modules/pino-pretty/',
  'node_modules/smol-toml/',
  'node_modules/tar-stream/',
];

const root = new URL('../../', import.meta.url).href;

interface Loaded {
  readonly thread: string;
  readonly module: string;
  readonly by: string;
}

async function loadedBeforeReady(): Promise<Loaded[]> {
  const folder = testFolder();
  const file = join(folder, 'loaded');
  const teller = new URL('./testing/tell-loaded.ts', import.meta.url).href;
  const variables = { HOLDFAST_TEST_LOADED: file, NODE_OPTIONS: `--import ${teller}` };
  await startDaemon({ folder, variables });
  const lines = () => readFileSync(file, 'utf8').split('\n');
  await until(() => lines().includes('ready'));
  const all = lines();
  return all.slice(0, all.indexOf('ready')).map((line) => {
    const [thread = '', module = '', by = ''] = line.split(' ').map((word) => word.replace(root, ''));
    return { thread, module, by };
  });
}

test('a start loads neither rooms that nobody asked for, nor schemas in the writing thread, nor Node’s fetch', async () => {
  const loaded = await loadedBeforeReady();
  const by = (thread: string) => loaded.filter((each) => each.thread === thread);
  // Both were really watched.
  expect(by('main').map(({ module }) => module)).toContain('electron/gateway/gateway.ts');
  expect(by('writer').map(({ module }) => module)).toContain('electron/projections.ts');

  expect(by('main').filter(({ module }) => heavy.some((start) => module.startsWith(start)))).toEqual([]);
  const schemas = /^node_modules\/zod\/|^shared\/(?!problem\.ts$)/;
  expect(by('writer').filter(({ module }) => schemas.test(module))).toEqual([]);
  const http = loaded.filter(({ module, by: who }) => module === 'node:http' && who.startsWith('electron/'));
  expect(http).toEqual([]);
});
