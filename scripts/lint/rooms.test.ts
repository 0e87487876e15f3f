import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import rooms from './rooms.json' with { type: 'json' };

const root = path.resolve(import.meta.dirname, '..', '..');
const oxlint = path.join(root, 'node_modules', 'oxlint', 'bin', 'oxlint');

interface Diagnostic {
  code?: string;
  message: string;
  filename: string;
}

/** A small house: each file of it holds exactly what is under test. */
const wrong: Record<string, { code: string; says: RegExp }> = {
  'electron/store/up.ts': {
    code: "import '../audit/record.ts';",
    says: /room store lies below audit .* desktop > cli > .* > base/,
  },
  'electron/base/lazy.ts': {
    code: "export const late = () => import('../runs/queue.ts');",
    says: /room base lies below runs/,
  },
  'electron/base/type.ts': {
    code: "export type Late = import('../runs/queue.ts').Queue;",
    says: /room base lies below runs/,
  },
  'electron/base/again.ts': { code: "export * from '../runs/queue.ts';", says: /room base lies below runs/ },
  'electron/runs/entry.ts': { code: "import '../core.ts';", says: /electron\/core is an entry/ },
  'electron/runs/private.ts': {
    code: "import '../audit/inner/hash.ts';",
    says: /audit\/inner\/hash.ts is private to the room audit/,
  },
  'electron/core.ts': { code: "import './audit/inner/hash.ts';", says: /private to the room audit/ },
  'electron/attic/thing.ts': { code: "import '../base/ids.ts';", says: /electron\/attic is no known room/ },
  'electron/runs/page.ts': {
    code: "import '../../renderer/ui/Button.tsx';",
    says: /electron may not import renderer/,
  },
  'electron/gateway/window.ts': {
    code: "import 'electron';",
    says: /Only electron\/desktop and main, preload/,
  },
  'electron/daemon.ts': { code: "import 'electron/main';", says: /Only electron\/desktop/ },
  'electron/audit/below.test.ts': { code: "import '../runs/queue.ts';", says: /room audit lies below runs/ },
  'electron/models/outside.ts': {
    code: "import '../../e2e/stand-in-models/stand-in.ts';",
    says: /electron may not import e2e/,
  },
  'shared/node.ts': { code: "import 'node:fs';", says: /shared runs in browsers too/ },
  'shared/package.ts': { code: "import 'ws';", says: /nothing but zod and @orpc\/contract, not ws/ },
  'shared/side.ts': { code: "import '../electron/base/ids.ts';", says: /shared may not import electron/ },
  'shared/page.ts': { code: 'export const title = () => document.title;', says: /document is not there/ },
  'shared/process.ts': { code: 'export const home = () => process.env;', says: /process is not there/ },
  'renderer/app/core.ts': {
    code: "import '../../electron/base/ids.ts';",
    says: /renderer may not import electron; it may use shared/,
  },
  'renderer/app/fs.ts': { code: "import 'node:fs';", says: /renderer runs in browsers too/ },
  'renderer/bridge/up.ts': {
    code: "import '../features/audit/list.ts';",
    says: /app > features > bridge > ui/,
  },
  'renderer/features/now/other.ts': {
    code: "import '../audit/list.ts';",
    says: /feature now may not import the feature audit/,
  },
  'renderer/ui/domain.ts': { code: "import '../../shared/ids.ts';", says: /the kit and knows no domain/ },
  'renderer/ui/bridge.ts': { code: "import '../bridge/client.ts';", says: /the kit and knows no domain/ },
  'bench/private.ts': {
    code: "import '../electron/audit/inner/hash.ts';",
    says: /private to the room audit/,
  },
  'e2e/private.ts': { code: "import '../electron/audit/inner/hash.ts';", says: /private to the room audit/ },
};

const right: Record<string, string> = {
  'electron/models/asked.test.ts': "import '../../e2e/stand-in-models/stand-in.ts';",
  'electron/runs/queue.ts':
    "import '../audit/record.ts'; import '../base/ids.ts'; import 'node:fs'; import 'ws';",
  'electron/audit/record.ts': "import './inner/hash.ts'; import '../../shared/ids.ts';",
  'electron/audit/inner/hash.ts': "import './salt.ts'; import '../record.ts'; import '../../base/ids.ts';",
  'electron/audit/record.test.ts': "import './inner/hash.ts'; import '../store/database.ts';",
  'electron/desktop/window.ts': "import 'electron'; import '../gateway/router.ts';",
  'electron/main.ts': "import 'electron'; import './core.ts'; import './runs/queue.ts';",
  'electron/writer.ts': "import './audit/record.ts'; import './store/database.ts';",
  'shared/ids.ts': "import 'zod'; import '@orpc/contract'; import './problem.ts';",
  'renderer/main.tsx': "import './app/Frame.tsx';",
  'renderer/app/Frame.tsx':
    "import '../features/now/Now.tsx'; import '../ui/Button.tsx'; import '../bridge/client.ts';",
  'renderer/features/now/Now.tsx':
    "import './list.ts'; import '../../bridge/client.ts'; import '../../../shared/ids.ts';",
  'renderer/bridge/client.ts': "import '../../shared/ids.ts'; export const title = () => document.title;",
  'e2e/specs/now.spec.ts':
    "import '../../electron/base/ids.ts'; import '../../shared/ids.ts'; import 'node:fs';",
  'bench/append.ts': "import '../electron/audit/record.ts';",
  'bench/stand.ts': "import '../electron/audit/testing/stand.ts';",
  'e2e/launchers/stand.ts': "import '../../electron/audit/testing/stand.ts';",
  'electron/runs/stand.test.ts': "import '../audit/testing/stand.ts';",
};

let house: string;
const problems = new Map<string, string[]>();

beforeAll(() => {
  house = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-rooms-'));
  const codes = {
    ...right,
    ...Object.fromEntries(Object.entries(wrong).map(([file, { code }]) => [file, code])),
  };
  for (const [file, code] of Object.entries(codes)) {
    fs.mkdirSync(path.join(house, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(house, file), `${code}\n`);
  }
  // The configuration of this repository itself, so that a rule switched off there fails here.
  const ran = spawnSync(
    process.execPath,
    [oxlint, '-c', path.join(root, '.oxlintrc.json'), '-f', 'json', '.'],
    {
      cwd: house,
      encoding: 'utf8',
    },
  );
  const told = JSON.parse(ran.stdout) as { diagnostics: Diagnostic[] };
  for (const { code, message, filename } of told.diagnostics) {
    if (code?.startsWith('rooms(') === true)
      problems.set(filename, [...(problems.get(filename) ?? []), message]);
  }
});

afterAll(() => fs.rmSync(house, { recursive: true, force: true }));

describe('the linter refuses', () => {
  test.each(Object.entries(wrong))('%s', (file, { says }) => {
    expect(problems.get(file) ?? []).toEqual([expect.stringMatching(says)]);
    expect(problems.get(file)?.[0]).toContain('scripts/lint/rooms.json');
  });
});

describe('the linter lets pass', () => {
  test.each(Object.keys(right))('%s', (file) => {
    expect(problems.get(file)).toBeUndefined();
  });
});

test('every folder below electron/ is a room that the order names', () => {
  const folders = fs
    .readdirSync(path.join(root, 'electron'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  expect(rooms.electron).toEqual(expect.arrayContaining(folders));
});

test('a wrong import makes the command fail', () => {
  const file = path.join(house, 'electron', 'store', 'up.ts');
  const args = [oxlint, '-c', path.join(root, '.oxlintrc.json'), '-f', 'unix', file];
  const ran = spawnSync(process.execPath, args, { cwd: house, encoding: 'utf8' });
  expect(ran.stdout).toContain('The room store lies below audit and may not import it.');
  expect(ran.status).toBe(1);
});
