import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { processesNamed } from '../testing/marked-processes.ts';
import { openNamespaceHouse } from '../testing/namespace-house.ts';
import { type SandboxHouse, shell } from '../testing/sandbox-house.ts';
import { ownerMark } from './owner-mark.ts';
import { childrenOf } from './process.ts';

let house: SandboxHouse;
afterEach(() => house.close());

test('a secret is nowhere but in its file: in no argument, no environment and no file outside', async () => {
  house = await openNamespaceHouse();
  const value = 'hf-9Tn2-secret-value';
  const folder = await house.newFolder();
  const sandbox = await house.start({
    folders: [{ path: folder, mode: 'rw' }],
    secrets: { token: Buffer.from(value) },
  });
  const command = await sandbox.exec({ argv: ['sleep', '600'] });
  expect((await shell(sandbox, 'cat /run/secrets/token; echo x >>/run/secrets/token')).out).toBe(value);
  const of = (pid: number, what: string) => {
    try {
      return readFileSync(`/proc/${pid}/${what}`, 'utf8');
    } catch {
      return '';
    }
  };
  const [bubblewrap = 0] = processesNamed(ownerMark(join(house.folder, 'data')));
  const outside = [process.pid, bubblewrap, ...childrenOf(bubblewrap)];
  expect(outside.length).toBeGreaterThan(2);
  for (const pid of outside) expect(of(pid, 'cmdline') + of(pid, 'environ')).not.toContain(value);
  const inside = await shell(sandbox, 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null; true');
  expect(inside.out).not.toContain(value);
  const files = readdirSync(house.folder, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  for (const { parentPath, name } of files) {
    expect(readFileSync(`${parentPath}/${name}`, 'latin1')).not.toContain(value);
  }
  expect(JSON.stringify(sandbox.layers)).not.toContain(value);
  command.cancel();
  await command.ended;
});
