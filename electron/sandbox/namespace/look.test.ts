import { afterEach, expect, test } from 'vitest';
import { openNamespaceHouse } from '../testing/namespace-house.ts';
import type { SandboxHouse } from '../testing/sandbox-house.ts';
import { appArmorMend } from './look.ts';

let house: SandboxHouse;
afterEach(() => house.close());

test('every layer of a namespace sandbox is looked for, and what lacks has its mend', async () => {
  house = await openNamespaceHouse();
  const findings = await house.executor.look();
  const ids = findings.map(({ id }) => id);
  for (const id of [
    'bubblewrap',
    'namespaces',
    'helper',
    'landlock',
    'seccomp',
    'overlay',
    'terminals',
    'totals',
  ]) {
    expect(ids).toContain(id);
  }
  expect(ids).toEqual([...new Set(ids)]);
  for (const finding of findings) {
    expect(finding.part).toBe('namespace');
    expect(finding.detail).not.toBe('');
    expect(finding.mend === undefined, finding.id).toBe(finding.state === 'ok');
  }
  expect(findings).toContainEqual(
    expect.objectContaining({ id: 'namespaces', state: 'ok', detail: 'a sandbox was made and left again' }),
  );
});

test('what is not there is told as missing, and the rest all the same', async () => {
  house = await openNamespaceHouse({
    environment: { PATH: '/nowhere' },
    terminals: () => ({ why: 'missing' }),
  });
  const findings = await house.executor.look();
  const found = (id: string) => findings.find((finding) => finding.id === id);
  expect(found('bubblewrap')).toMatchObject({
    state: 'missing',
    mend: expect.stringContaining('apt install bubblewrap') as string,
  });
  expect(found('terminals')).toMatchObject({ state: 'warning', mend: expect.any(String) as string });
  expect(found('helper')).toMatchObject({ state: 'ok' });
});

test('the mend for AppArmor is one line that writes a profile and loads it', () => {
  const mend = appArmorMend('/usr/bin/bwrap');
  expect(mend).not.toContain('\n');
  expect(mend).toContain("'profile bwrap /usr/bin/bwrap flags=(unconfined) {' '  userns,' '}'");
  expect(mend).toMatch(/tee \/etc\/apparmor\.d\/bwrap && sudo apparmor_parser -r \/etc\/apparmor\.d\/bwrap$/);
});
