import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Params } from '../../shared/plan.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { createNamespaceExecutor } from '../sandbox/namespace-executor.ts';
import { never, operator, someSessions, testFolder, wish } from '../sessions/testing/some-sessions.ts';
import { someCeiling, somePlanning } from './testing/some-planning.ts';

/** Commands of a recipe’s parts in real sandboxes, with the folders that the check leaves them. */
async function atWork() {
  const folder = testFolder();
  chmodSync(folder, 0o755);
  const executor = createNamespaceExecutor({
    clock: systemClock,
    log: silentLog(),
    data: join(folder, 'data'),
    environment: { PATH: process.env['PATH'] },
    uid: () => null,
  });
  onTestFinished(() => executor.close());
  const { sessions } = await someSessions({ executor, folder });
  const place = (name: string) => {
    const path = join(folder, name);
    mkdirSync(path);
    chmodSync(path, 0o777);
    return path;
  };
  const given = place('given');
  const runFolder = place('run');
  const { planning } = somePlanning();

  const partsOf = async (recipe: string, params: Params) => {
    const { plan, asks, problems } = await planning.fill(recipe, params);
    expect(problems).toEqual([]);
    const ceiling = someCeiling({ ...asks });
    const checked = planning.check(plan!, await planning.roles.usable(), ceiling, { runFolder });
    expect(checked.problems).toEqual([]);
    expect(checked.beyond).toEqual([]);
    return checked.parts;
  };
  /** Runs what a part’s runner would, and gives what it said. */
  const run = async (part: Awaited<ReturnType<typeof partsOf>>[number]) => {
    const scaffold = part.agents[0]?.scaffold;
    if (scaffold?.kind !== 'runner') throw new Error(`${part.name} is no runner`);
    const { argv, cwd } = scaffold;
    const folders = [{ path: runFolder, mode: 'rw' as const }, ...part.folders];
    const session = await sessions.start(
      wish({ argv, folders, cwd: cwd ?? runFolder, attended: true }),
      operator,
    );
    const said = { stdout: '', stderr: '' };
    let viewer = '';
    for await (const one of sessions.attach(
      { session: session.id, input: true, every: true },
      operator,
      never,
    )) {
      if (one.kind === 'attached') {
        viewer = one.viewer;
        await sessions.input(session.id, viewer, Buffer.alloc(0), true).catch(() => 0);
      }
      if (one.kind !== 'output' || one.stream === 'terminal') continue;
      const bytes = Buffer.from(one.data, 'base64');
      said[one.stream] += bytes.toString();
      sessions.taken(session.id, viewer, bytes.length);
    }
    return { ...said, code: sessions.get(session.id).outcome?.code };
  };
  return { given, runFolder, partsOf, run };
}

test('duplicates and large files are found in a folder that can only be read', async () => {
  const { given, runFolder, partsOf, run } = await atWork();
  mkdirSync(join(given, 'sub $(touch x)'));
  writeFileSync(join(given, 'one'), 'same');
  writeFileSync(join(given, 'sub $(touch x)', 'two; rm -rf .'), 'same');
  writeFileSync(join(given, '-three'), 'same');
  writeFileSync(join(given, 'other'), 'x'.repeat(5000));
  writeFileSync(join(given, 'empty'), '');
  writeFileSync(join(given, 'empty2'), '');
  const [look] = await partsOf('find-duplicates', { folder: given });
  const found = await run(look!);
  expect(found).toMatchObject({ code: 0, stderr: '' });
  const lines = found.stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(lines.slice(1, 4).toSorted()).toEqual(
    ['-three', 'one', 'sub $(touch x)/two; rm -rf .'].map((name) => `  ${join(given, name)}`).toSorted(),
  );
  expect(lines.slice(4)).toEqual(['', '1 groups, 2 files more than needed']);
  expect(look!.folders).toEqual([{ path: given, mode: 'ro' }]);
  expect(look!.outputs).toEqual([join(runFolder, 'duplicates.txt')]);

  const [measure] = await partsOf('large-files', { folder: given, least_kilobytes: 1, most: 3 });
  const large = await run(measure!);
  expect(large.stdout).toBe(`         4.9 kB  ${join(given, 'other')}\n1 files larger than 1 kB\n`);
});

test('a repository is tested at several commits, each in a clone of its own, and the verdict fails where one did', async () => {
  const { given, runFolder, partsOf, run } = await atWork();
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', given, '-c', 'user.name=a', '-c', 'user.email=a@b.example', ...args], {
      env: { PATH: process.env['PATH'], HOME: runFolder, GIT_CONFIG_NOSYSTEM: '1' },
      encoding: 'utf8',
    }).trim();
  git('init', '--quiet', '--initial-branch', 'main');
  writeFileSync(join(given, 'answer'), '41\n');
  git('add', '.');
  git('commit', '--quiet', '-m', 'Wrong');
  const wrong = git('rev-parse', 'HEAD');
  writeFileSync(join(given, 'answer'), '42\n');
  git('commit', '--quiet', '-am', 'Right');
  execFileSync('chmod', ['-R', 'a+rX', given]);
  const params = {
    repository: given,
    commits: [wrong, 'main', '--upload-pack=x'],
    command: ['grep', '42', 'answer'],
  };
  const [first, second, third, , verdict] = await partsOf('test-at-commits', params);
  const ran = [await run(first!), await run(second!), await run(third!)];
  expect(ran[0]).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`${wrong}: failed with 1\n`) as string,
  });
  expect(ran[1]).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/Right\n42\nmain: passed\n$/) as string,
  });
  expect(ran[2]).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no commit --upload-pack=x') as string,
  });
  expect(readFileSync(join(runFolder, 'result-2.txt'), 'utf8')).toBe('main: passed\n');
  expect(await run(verdict!)).toMatchObject({ code: 1, stdout: `${wrong}: failed with 1\nmain: passed\n` });
});

test('a command and an installed agent run by their arguments alone, in the folder that was given', async () => {
  const { given, partsOf, run } = await atWork();
  writeFileSync(join(given, 'file'), 'content');
  const [command] = await partsOf('clean-run', {
    command: ['sh', '-c', 'cat file; echo x > new', '$(id)'],
    folder: given,
  });
  const clean = await run(command!);
  expect(clean.stdout).toBe('content');
  expect(clean.stderr).toContain('Read-only');
  const asked = { command: ['printf', '%s|', 'a b', '*', '{run}', '$HOME'], folder: given, hosts: [] };
  const [work] = await partsOf('run-agent', asked);
  expect(work!.folders).toEqual([{ path: given, mode: 'review' }]);
  expect((await run({ ...work!, folders: [{ path: given, mode: 'ro' }] })).stdout).toBe('a b|*|{run}|$HOME|');
});
