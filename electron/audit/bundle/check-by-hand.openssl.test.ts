import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bundleOf, logWithBlobs, unpacked } from '../testing/sample-bundle.ts';

const log = logWithBlobs();
afterAll(() => log.close());

/** Runs the commands of the page that lies in the bundle, exactly as they stand there, block after block. */
function checkByHand(folder: string): { status: number | null; said: string; stderr: string } {
  const page = readFileSync(join(folder, 'CHECK-BY-HAND.md'), 'utf8');
  const commands = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join('\n');
  const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', commands], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, said: stdout, stderr };
}

test('what the page says to do by hand finds a bundle whole, whatever is withheld', async () => {
  const { path } = await bundleOf(log, 17, 30, { events: [18], blobs: [[20, 1]] });
  const { status, said, stderr } = checkByHand(unpacked(log, path));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = [
    'signature ok',
    `signed by ${log.key.fingerprint}`,
    'key ok',
    `proof ok: 14 of ${log.size} events`,
  ];
  for (const line of [...lines, 'data ok: 12 present', 'blobs ok: 8 present'])
    expect(said).toContain(`${line}\n`);
  const bare = await bundleOf(log, 0, log.size - 1, { allData: true, allBlobs: true });
  expect(checkByHand(unpacked(log, bare.path))).toMatchObject({ status: 0, stderr: '' });
});

test('what the page says to do by hand finds every kind of tampering', async () => {
  const { path } = await bundleOf(log, 19, 25);
  const whole = unpacked(log, path);
  const edit = (name: string, from: string | RegExp, to: string) => {
    const text = readFileSync(join(whole, name), 'utf8');
    expect(text).toMatch(from);
    writeFileSync(join(whole, name), text.replace(from, to));
  };
  /** Whatever letter stands behind these, it is another one then. */
  const change = (name: string, before: RegExp) => {
    const text = readFileSync(join(whole, name), 'utf8');
    const { 0: place, index } = before.exec(text)!;
    const letter = text[index + place.length];
    edit(name, `${place}${letter}`, `${place}${letter === '+' ? '/' : '+'}`);
  };
  const kept = log.read("SELECT hash FROM blobs WHERE content = CAST('kept' AS BLOB)") as string;
  const tampering: [what: string, by: () => void][] = [
    ['a header', () => edit('events.txt', 'operator', 'somebody')],
    ['a header’s number', () => edit('events.txt', '"seq":21', '"seq":12')],
    ['a header removed', () => edit('events.txt', /^.*\n/, '')],
    ['a header doubled', () => edit('events.txt', /^(.*\n)/, '$1$1')],
    ['a header added', () => edit('events.txt', /(.*\n)$/, '$1$1')],
    ['data', () => edit('data.txt', 'carries', 'hides')],
    ['a salt', () => edit('data.txt', /^19 ./, '19 !')],
    ['a line of data removed', () => edit('data.txt', /^.*\n/, '')],
    ['two lines of data exchanged', () => edit('data.txt', /^(.*\n)(.*\n)/, '$2$1')],
    ['a blob', () => writeFileSync(join(whole, 'blobs', kept), 'other')],
    ['a blob removed', () => rmSync(join(whole, 'blobs', kept))],
    ['a blob line removed', () => edit('blobs.txt', /^.*\n/, '')],
    ['a blob’s salt', () => edit('blobs.txt', /^20 0 ./, '20 0 !')],
    ['a blob line of another event', () => edit('blobs.txt', /^20 0/, '24 0')],
    ['the proof', () => change('proof.txt', /^tree 16 /)],
    ['an event left out of the proof', () => edit('proof.txt', 'event 21\n', '')],
    ['a proof that would run a command', () => edit('proof.txt', /^tree 16/, 'tree x[$(touch ran)]')],
    ['the signed size', () => edit('checkpoint', `\n${log.size}\n`, `\n${log.size + 1}\n`)],
    ['the signed root', () => change('checkpoint', /\n\d+\n/)],
    ['the signature', () => edit('checkpoint', /.{9}\n$/, 'AAAAAAA=\n')],
    ['the key', () => edit('key.pem', /.{9}\n-----END/, 'AAAAAAA=\n-----END')],
    ['the other spelling of the key', () => edit('key', /.{9}\n$/, 'AAAAAAA=\n')],
    ['the key’s name', () => edit('key', /^holdfast/, 'handfest')],
  ];
  for (const [what, by] of tampering) {
    unpacked(log, path);
    by();
    const { status, said, stderr } = checkByHand(whole);
    expect({ what, status, stderr, said }).toMatchObject({
      what,
      status: 1,
      stderr: '',
      said: expect.stringContaining('NOT CONSISTENT'),
    });
  }
  expect(() => statSync(join(whole, 'ran'))).toThrow('no such file');
});
