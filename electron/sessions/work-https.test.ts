import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startGitServer } from './testing/git-server.ts';
import { repository, someWork } from './testing/some-work.ts';

/** As nobody has signed it. */
function certificateIn(folder: string) {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const of = ['-subj', '/CN=git', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...how, ...of, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

test('a host whose certificate nobody here trusts is shown no token, and what would mend it is told', async () => {
  const { folder, vault, declare, run } = await someWork();
  const served = join(folder, 'served');
  repository(join(served, 'project'), { 'a.txt': 'one\n' });
  const server = await startGitServer(served, certificateIn(folder));
  await vault.set('token', 'the-token-that-nobody-sees');
  declare('reader', 'cat a.txt', '  clone_token: token\n');
  const refused = await run({ agent: 'reader', repository: `${server.url}/project/.git` });
  expect(refused.outcome).toMatchObject({ label: 'infrastructure_failure', code: 6 });
  expect(refused.outcome?.reason).toContain('a certificate that this machine does not trust');
  expect(server.shown).toEqual(new Set());
});
