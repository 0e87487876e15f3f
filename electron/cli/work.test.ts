import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Outcome, Session } from '../../shared/session.ts';
import { git, repository } from '../sessions/testing/some-work.ts';
import { answerOf, beginHoldfast, holdfast, startDaemon, testFolder, until } from './testing/launch.ts';
import { endOfWork } from './work-lines.ts';
import { type RunOptions, workWishFrom } from './work-wish.ts';

/** A house with agents whose commands are these scripts, and a repository. */
async function house(scripts: Readonly<Record<string, string>>) {
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const agents = join(folder, 'config', 'holdfast', 'agents');
  mkdirSync(agents, { recursive: true });
  for (const [name, script] of Object.entries(scripts)) {
    const argv = JSON.stringify(['sh', '-c', script]);
    writeFileSync(join(agents, `${name}.yaml`), `name: ${name}\ncommand:\n  argv: ${argv}\n`);
  }
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  await startDaemon({ folder: data, variables: { XDG_CONFIG_HOME: join(folder, 'config') } });
  const source = repository(join(folder, 'project'), { 'a.txt': 'one\n' });
  return { folder, data, source };
}

const ended = (label: Outcome['label'], code: number, signal: number | null = null) =>
  endOfWork({ label, code, signal, reason: null });

test('an end is said in the words that scripts look for', () => {
  expect(ended('success', 0)).toEqual({ well: true, line: 'session success' });
  expect(ended('blocked', 3)).toEqual({ well: true, line: 'session blocked' });
  expect(ended('nothing_ready', 4)).toEqual({ well: true, line: 'session nothing_ready' });
  expect(ended('work_failed', 5)).toEqual({ well: false, line: 'session work_failed (exit code 5)' });
  expect(ended('terminated_by_signal', 137, 9).line).toBe(
    'session terminated_by_signal (exit code 137, signal 9)',
  );
  expect(ended('timed_out', 124)).toEqual({ well: false, line: 'session timed out' });
});

test('what is asked for is one thing, and files are read where they lie', () => {
  const folder = testFolder();
  const file = join(folder, 'one.json');
  writeFileSync(file, '{"a":1}');
  const wish = (options: RunOptions, from?: string) => workWishFrom('w', from, options, null);
  expect(wish({ artifactType: 'note', artifactFile: file, timeout: '2m' }, 'https://x/y')).toMatchObject({
    repository: 'https://x/y',
    input: { kind: 'artifact', type: 'note', id: 'one', document: { a: 1 } },
    seconds: 120,
  });
  expect(wish({ attachFile: [file] }, 'here').repository).toBe(join(process.cwd(), 'here'));
  writeFileSync(join(folder, 'bad.json'), '{');
  const wrong: readonly [RunOptions, RegExp][] = [
    [{ request: 'x', workUnit: 'y' }, /one thing/],
    [{ artifactType: 'note' }, /a file of a type/],
    [{ artifactFile: file }, /a file of a type/],
    [{ artifactType: 'note', artifactFile: join(folder, 'none.json') }, /cannot be read/],
    [{ artifactType: 'note', artifactFile: join(folder, 'bad.json') }, /is no JSON/],
    [{ detach: true, attach: true }, /the opposite/],
  ];
  for (const [options, says] of wrong) expect(() => wish(options)).toThrow(says);
});

test('run waits for the end or stops it, and what was changed is a patch that git takes', async () => {
  const { folder, data, source } = await house({
    worker: 'echo said; echo two >>a.txt; cat /holdfast/input/attachments/note.txt >b.txt; exit 5',
    slow: 'sleep 1000',
  });
  const note = join(folder, 'note.txt');
  writeFileSync(note, 'noted\n');
  const run = holdfast(data, ['run', 'worker', source, '--attach-file', note, '--attach']);
  const slow = beginHoldfast(data, ['run', 'slow', source, '--data', data]);
  expect(await run).toMatchObject({
    code: 1,
    stdout: 'said\n',
    stderr: expect.stringContaining('session work_failed (exit code 5)\n'),
  });
  const list = () => answerOf<Session[]>(data, 'sessions', '--all');
  let sessions = await list();
  while (!sessions.some(({ state }) => state === 'running')) sessions = await list();
  // From then on it hears of interruptions.
  await until(() => slow.stderr().includes('ses_'));
  slow.child.kill('SIGINT');
  const { id } = sessions.find(({ work }) => work?.kept)!;

  const patch = await holdfast(data, ['diff', id]);
  writeFileSync(join(folder, 'changes.patch'), patch.stdout);
  git(source, 'apply', '--check', join(folder, 'changes.patch'));
  expect((await holdfast(data, ['apply', id])).stderr).toContain('--folder');
  expect((await slow.ended).code).toBe(1);
  expect(slow.stderr()).toContain('It is being stopped');
  expect(slow.stderr()).toContain('session cancelled\n');
});
