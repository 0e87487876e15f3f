import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A certificate authority of a test’s own, and a certificate of it for one name or address. */
export function ownAuthority(folder: string, alternative: string) {
  const at = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'ignore' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  writeFileSync(at('names'), `subjectAltName=${alternative}\n`);
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-subj',
    '/CN=A test',
    '-days',
    '2',
  );
  openssl('req', ...key, '-keyout', at('key'), '-out', at('request'), '-subj', '/CN=A server');
  const signed = [
    '-CA',
    at('ca.pem'),
    '-CAkey',
    at('ca.key'),
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    at('names'),
  ];
  openssl('x509', '-req', '-in', at('request'), '-out', at('cert'), ...signed);
  const read = (name: string) => readFileSync(at(name), 'utf8');
  return { authority: read('ca.pem'), key: read('key'), cert: read('cert') };
}
