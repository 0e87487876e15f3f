import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { defaultSettings, type Settings } from '../../shared/settings.ts';
import { mailHands, onThisMachine, transportOf } from './mail/mail-hands.ts';
import { mailTrial } from './mail/mail-trial.ts';
import { mailServer } from './testing/mail-server.ts';
import { testFolder } from './testing/open-tool-record.ts';

const never = new AbortController().signal;
const mail = {
  to: ['one@example.org', 'two@example.org'],
  cc: [],
  bcc: ['hidden@example.org'],
  subject: 'Größe',
  text: 'A line\n.\nafter a dot',
  html: null,
};

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => Problem.of(thrown),
  );

function hands(settings: Partial<Settings>, secrets: Record<string, string> = {}) {
  return mailHands({
    settings: () => ({ ...defaultSettings, 'mail.from': 'me@example.org', ...settings }),
    vault: { get: (name) => secrets[name] },
  });
}

test('a mail goes out by the person’s account, to everybody it names', async () => {
  const server = await mailServer({ account: { user: 'me', password: 'pass word' } });
  const account = {
    'mail.host': '127.0.0.1',
    'mail.port': server.port,
    'mail.user': 'me',
    'mail.secret': 'mail.password',
  };
  const sent = await hands(account, { 'mail.password': 'pass word' }).send(mail, never);
  expect(sent.accepted).toEqual(['one@example.org', 'two@example.org', 'hidden@example.org']);
  expect(sent.id).toMatch(/^<.+>$/);
  const [taken] = server.taken;
  expect(taken).toMatchObject({ from: 'me@example.org', to: sent.accepted, user: 'me' });
  expect(taken?.text).toContain('To: one@example.org, two@example.org');
  expect(taken?.text).not.toContain('hidden@');
  expect(taken?.text).toContain('A line\n.\nafter a dot');

  const wrong = await problemOf(hands(account, { 'mail.password': 'other' }).send(mail, never));
  expect(wrong).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('password') as string,
  });
  // What the server repeats of the password is told to nobody.
  expect(JSON.stringify([wrong?.message, wrong?.mend])).not.toContain('other');
  const none = await problemOf(hands(account).send(mail, never));
  expect(none?.mend).toContain('holdfast secrets set mail.password');
  expect(server.taken).toHaveLength(1);
});

test('what is missing, refused or unreachable is said in words', async () => {
  const server = await mailServer({ refused: [...mail.to, ...mail.bcc] });
  const here = { 'mail.host': '127.0.0.1', 'mail.port': server.port };
  expect(await problemOf(hands(here).send(mail, never))).toMatchObject({ code: 'invalid_input' });
  expect((await problemOf(hands({}).send(mail, never)))?.mend).toContain('mail.host');
  expect((await problemOf(hands({ ...here, 'mail.from': null }).send(mail, never)))?.mend).toContain(
    'mail.from',
  );
  const nobody = await problemOf(hands({ ...here, 'mail.port': 1 }).send(mail, never));
  expect(nobody).toMatchObject({ code: 'unreachable' });
  expect(server.taken).toEqual([]);
});

test('a test message goes the same way, and what keeps it from going is told with its field', async () => {
  const server = await mailServer({
    account: { user: 'me', password: 'pass word' },
    refused: ['no@example.org'],
  });
  const right = { 'mail.host': '127.0.0.1', 'mail.port': server.port, 'mail.from': 'me@example.org' };
  const account = { ...right, 'mail.user': 'me', 'mail.secret': 'mail.password' };
  const send = (settings: Partial<Settings>, password = 'pass word', to = 'you@example.org') => {
    const needs = {
      settings: () => ({ ...defaultSettings, ...settings }),
      vault: { get: (name: string) => (name === 'mail.password' ? password : undefined) },
    };
    return mailTrial(needs, to, never);
  };
  expect(await send(account)).toEqual({ ok: true, accepted: ['you@example.org'], problem: null });
  expect(server.taken[0]?.text).toContain('Subject: A test message of Holdfast');
  const fieldOf = async (...told: Parameters<typeof send>) => (await send(...told)).problem?.field;
  expect([
    await fieldOf({}),
    await fieldOf({ 'mail.host': '127.0.0.1' }),
    await fieldOf({ ...account, 'mail.port': 1 }),
    await fieldOf(account, 'wrong'),
    await fieldOf({ ...account, 'mail.secret': 'other' }),
    await fieldOf({ ...account, 'mail.secret': null }),
    await fieldOf(account, 'pass word', 'no@example.org'),
  ]).toEqual(['mail.host', 'mail.from', 'mail.host', 'mail.secret', 'mail.secret', 'mail.secret', 'to']);
  expect(server.taken).toHaveLength(1);
});

test('one that is interrupted is not waited for', async () => {
  const server = await mailServer({ silent: true });
  const stop = new AbortController();
  const sending = problemOf(
    hands({ 'mail.host': '127.0.0.1', 'mail.port': server.port }).send(mail, stop.signal),
  );
  while (server.connections.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const gone = once(server.connections[0]!, 'close');
  stop.abort(new Problem('cancelled', 'It was interrupted.'));
  expect(await sending).toMatchObject({ code: 'cancelled' });
  await gone;
});

test('nothing goes out unencrypted to another machine, nor to one that proves nothing', async () => {
  const vault = { get: () => undefined };
  const options = (settings: Partial<Settings>) =>
    transportOf({ settings: () => ({ ...defaultSettings, ...settings }), vault });
  expect(options({ 'mail.host': 'mail.example.org' })).toMatchObject({
    port: 587,
    secure: false,
    requireTLS: true,
  });
  expect(options({ 'mail.host': 'mail.example.org', 'mail.port': 465 })).toMatchObject({ secure: true });
  expect(options({ 'mail.host': 'localhost' })).toMatchObject({ requireTLS: false });
  for (const host of ['localhost', '127.0.0.1', '127.9.9.9', '[::1]', '::1'])
    expect(onThisMachine(host)).toBe(true);
  for (const host of ['localhost.example.org', '127.example.org', '10.0.0.1', '127.0.0.1.nip.io']) {
    expect(onThisMachine(host)).toBe(false);
  }
  const folder = testFolder();
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
  const subject = ['-subj', '/CN=localhost', '-days', '2', '-nodes'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  const server = await mailServer({
    tls: { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') },
  });
  const refused = await problemOf(
    hands({ 'mail.host': 'localhost', 'mail.port': server.port }).send(mail, never),
  );
  expect(refused).not.toBeNull();
  expect(server.taken).toEqual([]);
});
