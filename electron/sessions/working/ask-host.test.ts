import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../base/manual-clock.ts';
import { type HostQuestion, refsAtHost } from './ask-host.ts';

const type = 'application/x-git-upload-pack-result';
const one = '1'.repeat(40);
const line = (text: string) => `${(text.length + 5).toString(16).padStart(4, '0')}${text}\n`;
const whole = `${line(`${one} HEAD symref-target:refs/heads/main`)}${line(`${one} refs/heads/main`)}0000`;

async function serving(listener: RequestListener, tls?: { key: string; cert: string }) {
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  const opened: string[] = [];
  const open = async (host: string, asked: number) => {
    opened.push(`${host}:${asked}`);
    return connect(port, '127.0.0.1');
  };
  return { open, opened };
}

/** Of a host that is found by nothing but `open`. */
function question(more: Partial<HostQuestion> & Pick<HostQuestion, 'open'>): HostQuestion {
  const signal = new AbortController().signal;
  const url = 'http://git.example/project';
  return { url, token: null, digits: 40, clock: new ManualClock(), signal, ...more };
}

test('whatever is not quite an answer of git’s is none', async () => {
  const bodies: Record<string, string> = {
    whole,
    cut: whole.slice(0, -1),
    endless: whole.slice(0, -4),
    more: `${whole}0000`,
    'too long a line': `ffff${one} refs/heads/main\n0000`,
    'too short a line': `0003${one} refs/heads/main\n0000`,
    'no number': `00zz${one} refs/heads/main\n0000`,
    'no object': `${line('main refs/heads/main')}0000`,
    'two names': `${line(`${one} refs/heads/main refs/heads/other`)}0000`,
    'not the end of it': line('ERR you may not'),
    'too much': `${line(`${one} refs/heads/main`).repeat(40_000)}0000`,
    nothing: '',
  };
  const { open, opened } = await serving((request, response) => {
    const name = decodeURIComponent(request.url!.split('/')[2]!);
    response.writeHead(200, { 'content-type': type }).end(bodies[name]);
  });
  const found: Record<string, string> = {};
  for (const name of Object.keys(bodies)) {
    const url = `http://git.example:8080/project/${encodeURIComponent(name)}/`;
    found[name] = (await refsAtHost(question({ url, open }))).is;
  }
  const others = Object.keys(bodies).filter((name) => name !== 'whole');
  expect(new Set(opened)).toEqual(new Set(['git.example:8080']));
  expect(found).toEqual({ whole: 'listed', ...Object.fromEntries(others.map((name) => [name, 'unlike'])) });
});

test('a redirect is not followed, a page is no answer, and who refuses or is out of order is asked by git', async () => {
  const seen: string[] = [];
  const { open } = await serving((request, response) => {
    seen.push(request.url!);
    const status = Number(request.url!.split('/')[2]);
    response.writeHead(status, { 'content-type': 'text/html', location: '/elsewhere' }).end(whole);
  });
  const answers = [];
  for (const status of [200, 302, 307, 401, 403, 404, 500, 503]) {
    answers.push((await refsAtHost(question({ url: `http://git.example/project/${status}`, open }))).is);
  }
  const [u, n] = ['unlike', 'unknown'];
  expect(answers).toEqual([u, u, u, n, n, u, n, n]);
  expect(seen.length).toBe(8);
});

test('who does not answer is not waited for longer than a while, nor after the end of whoever asks', async () => {
  const asked: (() => void)[] = [];
  const { open } = await serving(() => asked.shift()?.());
  const clock = new ManualClock();
  const first = Promise.withResolvers<void>();
  asked.push(first.resolve);
  const late = refsAtHost(question({ open, clock }));
  await first.promise;
  clock.advance(5000);
  expect(await late).toEqual({ is: 'unknown' });
  const ending = new AbortController();
  asked.push(() => ending.abort());
  expect(await refsAtHost(question({ open, signal: ending.signal }))).toEqual({ is: 'unknown' });
  const never = () => new Promise<never>(() => undefined);
  const unopened = refsAtHost(question({ open: never, clock }));
  clock.advance(5000);
  expect(await unopened).toEqual({ is: 'unknown' });
});

test('over https the token is shown to those alone whom this machine trusts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-ask-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const of = ['-subj', '/CN=git', '-addext', 'subjectAltName=DNS:git.example'];
  execFileSync('openssl', ['req', '-x509', ...how, ...of, '-keyout', keyFile, '-out', certFile], {
    stdio: 'ignore',
  });
  const [key, cert] = [readFileSync(keyFile, 'utf8'), readFileSync(certFile, 'utf8')];
  const shown: string[] = [];
  const { open, opened } = await serving(
    (request, response) => {
      shown.push(request.headers.authorization ?? '');
      response.writeHead(200, { 'content-type': type }).end(whole);
    },
    { key, cert },
  );
  const asked = { url: 'https://git.example/project', token: 'secret', open };
  expect(await refsAtHost(question(asked))).toEqual({ is: 'unknown' });
  expect(shown).toEqual([]);
  const trust = () => createSecureContext({ ca: cert });
  expect((await refsAtHost(question({ ...asked, trust }))).is).toBe('listed');
  const other = 'https://other.example/project';
  expect((await refsAtHost(question({ ...asked, trust, url: other }))).is).toBe('unknown');
  expect(shown).toEqual(['Bearer secret']);
  expect(opened).toEqual(['git.example:443', 'git.example:443', 'other.example:443']);
});
