import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Agents } from '../agents/agents.ts';
import { silentLog } from '../base/log.ts';
import { systemClock } from '../base/clock.ts';
import { removeTree } from '../base/remove-tree.ts';
import { startGitServer } from './testing/git-server.ts';
import { operator } from './testing/some-sessions.ts';
import { give, problemOf, repository, someWork } from './testing/some-work.ts';
import { type RecordedWork, WorkRecords } from './work-records.ts';

const checker = new URL('../../resources/verify-record.mjs', import.meta.url).pathname;
const bundled = new URL('../../resources/agents', import.meta.url).pathname;
const example = new URL('../../resources/methodologies/example', import.meta.url).pathname;
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

/** What people who come from agentd rely on. */
async function recordedWork() {
  let records: WorkRecords | undefined;
  let agents: Agents | undefined;
  const some = await someWork({
    parts: {
      records: { begin: (work: RecordedWork) => records!.begin(work) },
      agents: {
        get: (name) => agents!.get(name),
        commandLine: (...line) => agents!.commandLine(...line),
        runsPreset: (command) => agents!.runsPreset(command),
      },
    },
  });
  const [own, programs] = [join(some.folder, 'agents'), join(some.folder, 'programs')];
  agents = new Agents({ bundled, own, searchPath: programs });
  mkdirSync(programs);
  const root = join(some.folder, 'audit');
  records = new WorkRecords({ record: some.record, clock: systemClock, log: silentLog(), root, checker });
  onTestFinished(async () => {
    await records?.close();
    await removeTree(root);
  });
  return { ...some, records, root, programs };
}

test('folders with commas, folders in the home and their contents are as they were said; another session runs meanwhile', async () => {
  const { folder, declare, start, run, ended } = await recordedWork();
  const source = repository(join(folder, 'pro,ject'), { 'a.txt': 'one\n' });
  const tools = join(folder, 'tools, mine=x');
  mkdirSync(tools);
  writeFileSync(join(tools, 'from-outside'), 'seen\n');
  give(tools);
  declare(
    'worker',
    `set -e; cd "$HOME"; grep -q seen .local/share/tools/from-outside; echo kept >.local/share/tools/state
     echo x >.local/share/beside; echo x >.local/beside; mkdir .config; echo x >beside; echo x >repo/b.txt
     while [ ! -e .local/share/tools/end ]; do sleep 0.02; done`,
    `  mounts: [{ source: "${tools}", target: /home/worker/.local/share/tools, read_only: false }]\n`,
  );
  declare('other', 'cat a.txt');
  const { id } = await start({ agent: 'worker', repository: source });
  const running = ended(id);
  const isAtWork = () => existsSync(join(tools, 'state'));
  const failed = running.then(({ outcome }) => isAtWork() || expect(outcome).toBe(null));
  while (!isAtWork()) await Promise.race([turn(), failed]);
  expect((await run({ agent: 'other', repository: source })).outcome?.label).toBe('success');
  writeFileSync(join(tools, 'end'), '');
  expect((await running).outcome?.label).toBe('success');
  expect(readFileSync(join(tools, 'state'), 'utf8')).toBe('kept\n');
});

test('a session that fails keeps what it wrote into its record, sealed; nothing of another work unit reaches it', async () => {
  const { folder, records, run, root, programs } = await recordedWork();
  const source = repository(join(folder, 'project'), { 'a.txt': 'one\n' });
  const way = join(folder, 'way');
  cpSync(example, way, { recursive: true });
  give(way);
  const runa = `#!/bin/sh
[ "$1" = init ] && exec mkdir -p .runa/store
echo "unit=\${AGENTD_WORK_UNIT-unset} \${HOLDFAST_WORK_UNIT-unset}" >.runa/store/trail; exit 5
`;
  writeFileSync(join(programs, 'runa'), runa, { mode: 0o755 });
  give(programs);
  writeFileSync(
    join(folder, 'agents', 'worker.yaml'),
    `name: worker\ncommand: { preset: runa, argv: [reviewer], methodology: "${way}" }\n`,
  );
  for (const name of ['AGENTD_WORK_UNIT', 'HOLDFAST_WORK_UNIT']) vi.stubEnv(name, 'another');
  onTestFinished(() => void vi.unstubAllEnvs());
  const session = await run({ agent: 'worker', repository: source });
  expect(session.outcome, session.outcome?.reason ?? '').toMatchObject({ label: 'work_failed', code: 5 });
  while ((await records.list(null))[0]?.state === 'open') await turn();
  expect(await records.list(null)).toMatchObject([{ state: 'sealed', outcome: 'work_failed', exitCode: 5 }]);
  const trail = join(root, 'worker', session.id, 'runa', 'store', 'trail');
  expect(readFileSync(trail, 'utf8')).toBe('unit=unset unset\n');
});

test('closing waits for sessions at work, stops those that wait or clone, and takes no new ones', async () => {
  const { folder, data, declare, start, sessions, record } = await recordedWork();
  const setting = { key: 'work.concurrency', value: 2 } as const;
  await record.append({ kind: 'setting.changed', actor: operator, data: setting });
  const served = join(folder, 'served');
  const source = repository(join(served, 'project'), { 'a.txt': 'one\n' });
  const server = await startGitServer(served);
  const out = join(folder, 'out');
  mkdirSync(out);
  give(out);
  declare(
    'worker',
    `trap 'echo asked >/out/asked; echo more >>a.txt; exit 3' TERM; echo x >/out/begun; while :; do sleep 0.02; done`,
    `  mounts: [{ source: ${out}, target: /out, read_only: false }]\n`,
  );
  const atWork = await start({ agent: 'worker', repository: source });
  const letGo = server.hold();
  onTestFinished(letGo);
  const clones = await start({ agent: 'worker', repository: `${server.url}/project/.git` });
  const waits = await start({ agent: 'worker', repository: source });
  while (!existsSync(join(out, 'begun'))) await turn();
  while (sessions.get(clones.id).progress !== 'clones its repository') await turn();
  const closing = sessions.close();
  expect((await problemOf(start({ agent: 'worker', repository: source }))).code).toBe('unavailable');
  await closing;
  expect(readFileSync(join(out, 'asked'), 'utf8')).toBe('asked\n');
  const outcomes = [atWork, clones, waits].map(({ id }) => sessions.get(id).outcome?.label);
  expect(outcomes).toEqual(['cancelled', 'cancelled', 'cancelled']);
  expect(readdirSync(join(data, 'sessions'))).toEqual([atWork.id]);
});
