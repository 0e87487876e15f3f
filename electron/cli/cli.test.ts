import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../shared/events/event.ts';
import { buildProgram } from './program.ts';
import { answerOf, beginHoldfast, holdfast, startDaemon, testFolder, until } from './testing/launch.ts';

/** Every verb, as the words that call it. */
function verbs(command: Command, path: readonly string[] = []): { path: readonly string[]; verb: Command }[] {
  if (command.commands.length === 0) return [{ path, verb: command }];
  return command.commands.flatMap((child) => verbs(child, [...path, child.name()]));
}

const eventsIn = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedEvent);

test('every verb has help with an example, and answers in JSON for a folder of one’s choice', () => {
  const all = verbs(buildProgram());
  const words = all.map(({ path }) => path.join(' '));
  expect(words).toEqual(
    expect.arrayContaining([
      'serve',
      'status',
      'events',
      'verify',
      'export',
      'doctor',
      'secrets set',
      'secrets list',
      'secrets rm',
      'token create',
      'token list',
      'token revoke',
      'backup',
      'restore',
      'version',
    ]),
  );
  for (const { path, verb } of all) {
    let help = '';
    verb.configureOutput({ writeOut: (text) => (help += text) });
    verb.outputHelp();
    expect.soft(help).toContain(`Example:\n  $ `);
    expect.soft(help).toContain(path.join(' '));
    if (path[0] !== 'completion')
      expect.soft(verb.options.map(({ long }) => long)).toEqual(expect.arrayContaining(['--data', '--json']));
  }
});

test('where nothing runs, every verb that needs the house says so, with the mend, and ends with 6', async () => {
  const folder = testFolder();
  for (const args of [
    ['status'],
    ['events', '-f'],
    ['note', 'x'],
    ['verify'],
    ['secrets', 'list'],
    ['token', 'list'],
  ]) {
    const said = await holdfast(folder, args);
    expect([args, said.code, said.stdout]).toEqual([args, 6, '']);
    expect(said.stderr).toBe(
      `No Holdfast runs on ${folder}.\nStart it with \`holdfast serve\`, or name its folder with --data DIR.\n`,
    );
  }
  const said = await holdfast(folder, ['status', '--json']);
  expect(JSON.parse(said.stderr)).toMatchObject({ error: { code: 'unreachable' } });
});

test('wrong use ends with 2 and says what is wrong', async () => {
  const folder = testFolder();
  for (const [args, words] of [
    [['statsu'], 'Did you mean status?'],
    [['note'], "missing required argument 'text'"],
    [['events', '--since', 'soon'], '“soon” is no time.'],
    [['events', '--limit', '0'], '--limit 0 is not a whole number from 1 to 500.'],
    [['settings', 'set', 'colour', 'red'], 'There is no setting “colour”.'],
  ] as const) {
    const said = await holdfast(folder, args);
    expect([args, said.code]).toEqual([args, 2]);
    expect(said.stderr).toContain(words);
  }
});

test('what is asked comes out aligned for people and as one document for programs', async () => {
  const { folder } = await startDaemon();
  expect((await answerOf<{ version: string }>(folder, 'version')).version).toMatch(/^\d+\.\d+\.\d+$/);
  expect((await holdfast(folder, ['status'])).stdout).toMatch(
    /^Holdfast {2}\d.*, daemon, process \d+, since /,
  );
  expect((await holdfast(folder, ['doctor', '--rebuild'])).stdout).toMatch(/tokens +1 rows +0 differences/);
  await holdfast(folder, ['settings', 'set', 'blobs.keepDays', '90']);
  expect(await answerOf(folder, 'settings', 'list')).toMatchObject({ 'blobs.keepDays': 90 });
  expect(await answerOf(folder, 'prune', '--dry-run')).toEqual({
    count: 0,
    bytes: 0,
    left: { count: 0, bytes: 0 },
  });
  expect((await answerOf<{ note: string }>(folder, 'checkpoint')).note).toMatch(/^holdfast\//);
  expect((await holdfast(folder, ['open', '--print'])).stdout).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+\/#ticket=[\w-]{43}\n$/,
  );
});

test('events are found by words, kind, actor and time, and never write to the terminal what they please', async () => {
  const { folder } = await startDaemon();
  await holdfast(folder, ['note', 'a plain remark']);
  await holdfast(folder, ['note', 'red \u001B[31m and \u0007 bell']);
  const found = async (...args: string[]) =>
    eventsIn((await holdfast(folder, ['events', ...args, '--json'])).stdout);
  expect((await found('plain')).map(({ data }) => data)).toEqual([{ text: 'a plain remark' }]);
  expect(await found('--kind', 'record.noted')).toHaveLength(2);
  expect(await found('--kind', 'record.*', '--actor', 'system')).toHaveLength(0);
  expect(await found('--until', '1h')).toHaveLength(0);
  expect((await found('--since', '1h', '--limit', '1'))[0]?.data).toEqual({
    text: 'red \u001B[31m and \u0007 bell',
  });
  expect((await found('--from', '0', '--limit', '2')).map(({ seq }) => seq)).toEqual([0, 1]);
  expect((await holdfast(folder, ['events'])).stdout).toContain('red \uFFFD[31m and \uFFFD bell');
});

test('events -f goes on where it was when the house was killed and came back, and ends quietly', async () => {
  const folder = testFolder();
  const first = await startDaemon({ folder });
  const following = beginHoldfast(folder, [
    'events',
    '-f',
    '--kind',
    'record.noted',
    '--json',
    '--data',
    folder,
  ]);
  const seen = () => eventsIn(following.stdout()).map(({ data }) => (data as { text: string }).text);
  await holdfast(folder, ['note', 'one']);
  await until(() => seen().length === 1);
  first.child.kill('SIGKILL');
  await first.ended;
  await startDaemon({ folder });
  await holdfast(folder, ['note', 'two']);
  await until(() => seen().length === 2);
  await holdfast(folder, ['note', 'three']);
  await until(() => seen().length === 3);
  expect(seen()).toEqual(['one', 'two', 'three']);
  following.child.kill('SIGINT');
  expect((await following.ended).code).toBe(130);
});

test('a reader that stops reading is no failure', async () => {
  const { folder } = await startDaemon();
  for (let i = 0; i < 3; i++) await holdfast(folder, ['note', 'x'.repeat(9000)]);
  const running = beginHoldfast(folder, ['events', '--json', '--data', folder]);
  running.child.stdout!.destroy();
  expect((await running.ended).code).toBe(0);
  expect(running.stderr()).toBe('');
});

test('a secret comes by pipe or variable, never by argument, and never comes out', async () => {
  const { folder } = await startDaemon();
  expect((await holdfast(folder, ['secrets', 'set', 'piped'], { input: 'piped-secret-value\n' })).code).toBe(
    0,
  );
  expect(
    (
      await holdfast(folder, ['secrets', 'set', 'named', '--from-env', 'THE_KEY'], {
        variables: { THE_KEY: 'named-secret-value' },
      })
    ).code,
  ).toBe(0);
  expect((await holdfast(folder, ['secrets', 'set', 'given', 'as-an-argument'])).code).toBe(2);
  expect((await holdfast(folder, ['secrets', 'set', 'empty'], { input: '\n' })).stderr).toContain(
    'There is no value to store.',
  );
  const list = await holdfast(folder, ['secrets', 'list', '--json']);
  expect(
    (JSON.parse(list.stdout) as { secrets: { name: string }[] }).secrets.map(({ name }) => name).toSorted(),
  ).toEqual(['named', 'piped']);
  await holdfast(folder, ['note', 'piped-secret-value and named-secret-value']);
  const everything = await holdfast(folder, ['events', '--json']);
  for (const value of ['piped-secret-value', 'named-secret-value'])
    expect(list.stdout + everything.stdout).not.toContain(value);
  expect((await holdfast(folder, ['secrets', 'rm', 'piped'])).code).toBe(0);
  expect((await holdfast(folder, ['secrets', 'rm', 'piped'])).code).toBe(2);
});

test('a token that is made is all that a script gets, does what it may, and ends when it is revoked', async () => {
  const { folder, link } = await startDaemon();
  const made = await holdfast(folder, [
    'token',
    'create',
    'dashboard',
    '--procedure',
    'record.state',
    '--expires',
    '1h',
  ]);
  const value = made.stdout.trimEnd();
  expect(value).toMatch(/^hf_[\w-]{43}$/);
  const ask = async (path: string) =>
    (await fetch(new URL(path, link), { headers: { authorization: `Bearer ${value}` } })).status;
  expect([await ask('/api/record'), await ask('/api/status')]).toEqual([200, 403]);
  const tokens = await answerOf<{ id: string; name: string }[]>(folder, 'token', 'list');
  const { id } = tokens.find(({ name }) => name === 'dashboard')!;
  await holdfast(folder, ['token', 'revoke', id]);
  expect(await ask('/api/record')).toBe(401);
  expect((await holdfast(folder, ['token', 'list'])).stdout).toContain('revoked');
});

test('a bundle is written after it was agreed to, proves itself, and shows what was tampered with', async () => {
  const { folder } = await startDaemon();
  await holdfast(folder, ['note', 'to be proven']);
  await holdfast(folder, ['note', 'to be kept back']);
  const bundle = join(folder, 'proof.tar.gz');
  const unagreed = await holdfast(folder, ['export', bundle]);
  expect([unagreed.code, existsSync(bundle)]).toEqual([2, false]);
  expect(unagreed.stderr).toContain('record.noted');
  expect(unagreed.stderr).toContain('Add --yes.');
  const { size } = await answerOf<{ size: number }>(folder, 'checkpoint');
  const exported = await holdfast(folder, ['export', bundle, '--yes', '--withhold-data', String(size - 1)]);
  expect(exported.stdout).toContain('1 payloads withheld');
  expect(statSync(bundle).mode & 0o777).toBe(0o600);
  const content = gunzipSync(readFileSync(bundle));
  expect([content.includes('to be proven'), content.includes('to be kept back')]).toEqual([true, false]);
  expect((await holdfast(folder, ['export', bundle, '--yes'])).code).toBe(3);
  const checked = await holdfast(testFolder(), ['verify', bundle]);
  expect([checked.code, checked.stderr]).toEqual([0, '']);
  content.write('to be PROVEN', content.indexOf('to be proven'));
  const copy = join(folder, 'changed.tar.gz');
  writeFileSync(copy, gzipSync(content));
  expect((await holdfast(folder, ['verify', copy])).code).not.toBe(0);
});

test('a backup is restored where nothing runs, and the record says so', async () => {
  const folder = testFolder();
  const daemon = await startDaemon({ folder });
  await holdfast(folder, ['note', 'in the backup']);
  const file = join(folder, 'copy.backup');
  expect((await holdfast(folder, ['backup', file])).code).toBe(0);
  await holdfast(folder, ['note', 'after the backup']);
  const held = await holdfast(folder, ['restore', file, '--yes']);
  expect([held.code, held.stderr.includes('is in use')]).toEqual([6, true]);
  await holdfast(folder, ['stop']);
  expect((await daemon.ended).code).toBe(0);
  expect((await holdfast(folder, ['restore', file])).code).toBe(2);
  const restored = await holdfast(folder, ['restore', file, '--yes']);
  expect([restored.code, restored.stderr]).toEqual([0, '']);
  await startDaemon({ folder });
  const texts = eventsIn((await holdfast(folder, ['events', '--json'])).stdout).map(({ kind, data }) =>
    kind === 'record.noted' ? (data as { text: string }).text : kind,
  );
  expect(texts).toContain('in the backup');
  expect(texts).toContain('log.restored');
  expect(texts).not.toContain('after the backup');
  expect((await answerOf<{ ok: boolean }>(folder, 'verify')).ok).toBe(true);
});

test('what cannot be undone wants a clear yes', async () => {
  const { folder } = await startDaemon();
  const noted = await answerOf<RecordedEvent>(folder, 'note', 'a mistake');
  const seq = String(noted.seq);
  expect((await holdfast(folder, ['erase', seq, '--reason', 'it was one'])).stderr).toContain('Add --yes.');
  expect((await holdfast(folder, ['erase', seq, '--reason', 'it was one', '--yes'])).code).toBe(0);
  expect((await holdfast(folder, ['events', '--json'])).stdout).not.toContain('a mistake');
  const none = await holdfast(folder, ['erase', '1', '--blobs', '--reason', 'it was one', '--yes']);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('Nothing is attached') as unknown });
  const before = await answerOf<{ record: { fingerprint: string } }>(folder, 'status');
  const after = await answerOf<{ fingerprint: string }>(folder, 'rotate-key', '--reason', 'a test', '--yes');
  expect(after.fingerprint).not.toBe(before.record.fingerprint);
  expect((await answerOf<{ ok: boolean }>(folder, 'verify')).ok).toBe(true);
});

test('bash completes the verbs and options there are', async () => {
  const scriptFor = async (shell: string) => {
    const running = beginHoldfast(testFolder(), ['completion', shell]);
    const { code } = await running.ended;
    return code === 0 ? running.stdout() : `${code}: ${running.stderr()}`;
  };
  const script = await scriptFor('bash');
  const complete = (...words: string[]) => {
    const asked = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _holdfast; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', asked], { encoding: 'utf8' }).trimEnd().split('\n');
  };
  expect(complete('holdfast', 'sta')).toEqual(['status']);
  expect(complete('holdfast', 'secrets', '')).toEqual(expect.arrayContaining(['set', 'list', 'rm']));
  expect(complete('holdfast', 'token', 'create', '--pro')).toEqual(['--procedure']);
  expect(complete('holdfast', 'events', '--json', '--sin')).toEqual(['--since']);
  expect(await scriptFor('fish')).toContain('complete -c holdfast');
  expect(await scriptFor('zsh')).toMatch(/^#compdef holdfast/);
  expect(await scriptFor('tcsh')).toMatch(/^2: “tcsh” is not a shell known here\./);
});
