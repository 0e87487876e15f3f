import fs from 'node:fs';
import { expect, test } from 'vitest';
import { readCapability } from '../../shared/capability/text.ts';
import { authorizePath } from './authorize-path.ts';
import { createPathOpener } from './open-path.ts';
import { secretText, smallTree } from './testing/small-tree.ts';
import { operator, someTokens } from './testing/some-tokens.ts';

const open = createPathOpener();
const kind = 'file_read';

test('what is handed out is the descriptor that was judged, whatever its path becomes afterwards', async () => {
  const { granted, secret } = smallTree();
  const { tokens } = someTokens();
  const capability = readCapability(`file_read: ${granted}/*`);
  const holder = await tokens.issue({ agent: 'a', capability }, operator);
  const opened = await authorizePath(tokens, open, holder, { kind, path: `${granted}/a/b` });
  fs.renameSync(`${granted}/a`, `${granted}/aside`);
  fs.symlinkSync(secret, `${granted}/a`);
  expect(fs.readFileSync(`${granted}/a/b/file`, 'utf8')).toBe(secretText);
  expect(fs.fstatSync(opened.fd).ino).toBe(fs.statSync(`${granted}/aside/b`).ino);
  opened.close();
});

test('a link that leads out is denied under its real path, and nothing stays open', async () => {
  const { granted, secret } = smallTree();
  const { notebook, tokens } = someTokens();
  fs.symlinkSync(secret, `${granted}/out`);
  fs.symlinkSync('nowhere', `${granted}/lost`);
  const capability = readCapability(`file_read: ${granted}/*`);
  const holder = await tokens.issue({ agent: 'a', capability }, operator);
  const before = fs.readdirSync('/dev/fd').length;
  const ask = (path: string) => authorizePath(tokens, open, holder, { kind, path });
  await expect(ask(`${granted}/out/file`)).rejects.toMatchObject({ reason: 'outside_grant' });
  await expect(ask(`${granted}/lost`)).rejects.toMatchObject({ reason: 'unclear_path' });
  expect(fs.readdirSync('/dev/fd').length).toBe(before);
  const denied = { token: holder.token, agent: 'a', count: 1 };
  expect(notebook.of('capability.denied')).toEqual([
    { ...denied, capability: `file_read: ${secret}/file`, reason: 'outside_grant' },
    {
      ...denied,
      capability: `file_read: “${granted}/lost” is refused: a link on the way leads nowhere.`,
      reason: 'unclear_path',
    },
  ]);
});
