import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Params } from '../../shared/plan.ts';
import type { Run } from '../../shared/run.ts';
import { pathsFor } from '../base/paths.ts';
import { connect } from './client.ts';
import { startDaemon, testFolder } from './testing/launch.ts';

/** A folder that the account of root’s sandboxes reaches. */
function givenFolder(): string {
  const folder = testFolder();
  chmodSync(folder, 0o755);
  return folder;
}

/** A real house, asked over its socket. */
async function house() {
  const data = givenFolder();
  const { variables } = await startDaemon({ folder: data });
  const sources = { environment: variables, platform: process.platform, home: data, folder: data };
  const client = connect(pathsFor(data, sources));
  const submit = async (recipe: string, params: Params) => {
    const { asks, problems } = await client.recipes.fill({ name: recipe, params }); // oxlint-disable-line unicorn/no-array-fill-with-reference-type
    expect(problems).toEqual([]);
    const { id } = await client.runs.submit({
      invocation: { kind: 'recipe', recipe, params },
      ceiling: { ...asks },
    });
    for await (const news of await client.runs.follow({ run: id })) {
      if (news.kind === 'run' && news.run.state === 'finished') return news.run;
    }
    throw new Error('it ended unseen');
  };
  return submit;
}

const left = ({ outputs }: Run, name: string): string => {
  expect(outputs.map(({ path }) => basename(path))).toEqual([name]);
  return readFileSync(outputs[0]!.path, 'utf8');
};

test('recipes that need no model do what they say, and leave it as a file', { timeout: 60_000 }, async () => {
  const submit = await house();
  const tried = [duplicatesAreFound(submit), pagesAreJoined(submit), commitsAreTested(submit)];
  await expect(Promise.all(tried)).resolves.toHaveLength(3);
});

type Submit = Awaited<ReturnType<typeof house>>;

async function duplicatesAreFound(submit: Submit): Promise<void> {
  const given = givenFolder();
  writeFileSync(join(given, 'one'), 'same\n');
  writeFileSync(join(given, 'two'), 'same\n');
  const found = left(await submit('find-duplicates', { folder: given }), 'duplicates.txt');
  expect(found).toContain(`  ${join(given, 'one')}\n  ${join(given, 'two')}\n`);
  expect(found).toContain('1 groups, 1 files more than needed');
  const large = await submit('large-files', { folder: given, least_kilobytes: 0, most: 1 });
  expect(left(large, 'large-files.txt')).toContain('2 files larger than 0 kB');
  const failed = await submit('clean-run', { command: ['sh', '-c', 'echo "$1"; exit 4', 'x', '{run} *'] });
  expect(failed.outcome).toMatchObject({
    label: 'work_failed',
    reason: expect.stringMatching(/exit code 4.*\{run\} \*/s) as string,
  });
}

async function pagesAreJoined(submit: Submit): Promise<void> {
  const server = createServer((request, response) =>
    response.writeHead(request.url === '/gone' ? 404 : 200).end(`<p>This is ${request.url}</p>`),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const at = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const digest = await submit('digest', { urls: [at('/a'), at('/b')], format: 'md', title: 'Two' });
  expect(left(digest, 'digest.md')).toMatch(/Two[\s\S]*This is \/a[\s\S]*This is \/b/);
  const gone = await submit('digest', { urls: [at('/gone')] });
  expect(gone.outcome).toMatchObject({
    label: 'work_failed',
    reason: expect.stringContaining('404') as string,
  });
}

async function commitsAreTested(submit: Submit): Promise<void> {
  const repository = join(givenFolder(), 'repository');
  mkdirSync(repository);
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=a', '-c', 'user.email=a@b.example', ...args], {
      env: { PATH: process.env['PATH'], HOME: repository, GIT_CONFIG_NOSYSTEM: '1' },
    });
  git('init', '--quiet', '--initial-branch', 'main');
  for (const answer of ['41', '42']) {
    writeFileSync(join(repository, 'answer'), answer);
    git('add', '.');
    git('commit', '--quiet', '-m', answer);
  }
  execFileSync('chmod', ['-R', 'a+rX', repository]);
  const tested = await submit('test-at-commits', {
    repository,
    commits: ['main', 'main~1'],
    command: ['grep', '42', 'answer'],
  });
  expect(tested.outcome).toMatchObject({
    label: 'work_failed',
    reason: expect.stringMatching(/main: passed\s+main~1: failed with 1/) as string,
  });
}
