import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Vault } from '../store/vault.ts';
import { lookAtMachine } from './machine-look.ts';
import { openTestHouse, testFolder } from './testing/test-house.ts';

test('what this machine has and lacks is found by looking, each lack with its mend', async () => {
  const { folder, record, vault } = await openTestHouse();
  const programs = testFolder();
  const engine = { id: 'engine', name: 'Engine', state: 'ok', detail: 'runs', part: 'container' } as const;
  const weak: Vault = Object.assign(Object.create(vault) as Vault, {
    kept: 'in a drawer',
    warning: 'it has no lock',
  });
  const look = async (changes: object = {}) => {
    const needs = {
      data: folder,
      vault,
      record,
      logTrouble: () => null,
      environment: { PATH: programs },
      platform: 'linux' as const,
      lookAtSandboxes: () => Promise.resolve([engine]),
    };
    return new Map((await lookAtMachine({ ...needs, ...changes })).map((finding) => [finding.id, finding]));
  };
  const found = await look();
  expect(found.get('engine')).toEqual(engine);
  expect(found.get('display')).toMatchObject({ state: 'missing' });
  expect(found.get('sqlite')?.detail).toMatch(/^3\./);

  const lacking = await look({
    environment: { PATH: '', DISPLAY: ':1' },
    vault: weak,
    logTrouble: () => 'no space',
  });
  expect(lacking.get('display')).toMatchObject({ state: 'warning', mend: 'sudo apt install xdg-utils' });
  expect(lacking.get('secrets')).toMatchObject({ state: 'warning', detail: 'in a drawer: it has no lock' });
  expect(lacking.get('log')).toMatchObject({ state: 'warning' });

  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'left open'), { mode: 0o755 });
  const open = (await look()).get('permissions');
  expect(open).toMatchObject({ state: 'warning', mend: `chmod -R go= '${folder}'` });
  expect(open?.detail).toContain('the folder itself');
  expect(open?.detail).toContain('left open');
});
