import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Session } from '../../shared/session.ts';
import { count, soaking } from '../base/test-counts.ts';
import { startGitServer } from '../sessions/testing/git-server.ts';
import { give, repository } from '../sessions/testing/some-work.ts';
import { answerOf, type Daemon, holdfast, startDaemon, testFolder, until } from './testing/launch.ts';

const methodology = new URL('../../resources/methodologies/example', import.meta.url).pathname;

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

async function killed(daemon: Daemon): Promise<void> {
  daemon.child.kill('SIGKILL');
  await daemon.ended;
}

/** A data folder with an agent that says that it is at work and waits until it may end. */
async function place() {
  const data = testFolder();
  chmodSync(data, 0o755);
  const [gate, agents] = [join(data, 'gate'), join(data, 'config', 'holdfast', 'agents')];
  mkdirSync(gate);
  give(gate);
  mkdirSync(agents, { recursive: true });
  const script = 'echo more >>a.txt; echo x >/gate/begun; while [ -e /gate/shut ]; do sleep 0.02; done';
  const mounts = `[{ source: ${gate}, target: /gate, read_only: false }]`;
  writeFileSync(
    join(agents, 'worker.yaml'),
    `name: worker\ncommand:\n  argv: ${JSON.stringify(['sh', '-c', script])}\n  mounts: ${mounts}
  methodology: ${methodology}
  credentials: [{ secret: key, file: key }, { secret: key, variable: KEY }]\n`,
  );
  const note = join(data, 'note.txt');
  writeFileSync(note, 'noted');
  const served = join(data, 'served');
  repository(join(served, 'project'), { 'a.txt': 'one\n' });
  const server = await startGitServer(served);
  const variables = { XDG_CONFIG_HOME: join(data, 'config') };
  return { data, gate, note, server, url: `${server.url}/project/.git`, variables };
}

const secret = 'a-secret-of-the-worker';

type Place = Awaited<ReturnType<typeof place>>;

/** Resolves when it has come so far; the returned function lets what was held up go on. */
type Moment = (at: Place & { house: string; start: () => Promise<string> }) => Promise<() => void>;

const fetched: Moment = async ({ house, server, start }) => {
  const goOn = server.hold();
  await start();
  await until(() => namesIn(join(house, 'mirrors')).some((name) => name.endsWith('.part')));
  return goOn;
};

const working: Moment = async ({ gate, start }) => {
  writeFileSync(join(gate, 'shut'), '');
  await start();
  await until(() => existsSync(join(gate, 'begun')));
  return () => rmSync(join(gate, 'shut'));
};

const collected: Moment = async ({ house, start }) => {
  const folder = join(house, 'sessions', await start());
  await until(() => namesIn(folder).some((name) => name === 'aside' || name === 'work'));
  return () => undefined;
};

const after =
  (milliseconds: number): Moment =>
  async ({ start }) => {
    // It may not have come to a start.
    start().catch(() => undefined);
    await wait(milliseconds);
    return () => undefined;
  };

test(
  'a command agent whose Holdfast is killed at any step has failed, and nothing but its record is left',
  { timeout: soaking ? 60 * 60_000 : 60_000 },
  async () => {
    const some = await place();
    const { data, gate, note, url, variables } = some;
    const house = join(data, 'house');
    mkdirSync(house, { mode: 0o700 });
    const start = async () => {
      const said = await holdfast(house, [
        'run',
        'worker',
        url,
        '--detach',
        '--request',
        'Do it',
        '--attach-file',
        note,
      ]);
      if (said.code !== 0) throw new Error(said.stderr);
      return said.stdout.trim();
    };
    let daemon = await startDaemon({ folder: house, variables });
    const set = await holdfast(house, ['secrets', 'set', 'key'], { input: `${secret}\n` });
    expect(set.code, set.stderr).toBe(0);
    const rounds = count(3, 100);
    for (let round = 0; round < rounds; round++) {
      const moment = [fetched, working, collected][round] ?? after((round / rounds) * 2000);
      const goOn = await moment({ ...some, house, start });
      await killed(daemon);
      goOn();
      rmSync(join(gate, 'begun'), { force: true });
      daemon = await startDaemon({ folder: house, variables });
      const sessions = await answerOf<Session[]>(house, 'sessions', '--all');
      expect(sessions.filter(({ state }) => state !== 'ended')).toEqual([]);
      for (const { id, outcome } of sessions.slice(0, moment === fetched || moment === working ? 1 : 0)) {
        expect(outcome).toMatchObject({ label: 'infrastructure_failure', code: 6 });
        const record = readFileSync(join(house, 'audit', 'worker', id, 'agentd', 'session.json'), 'utf8');
        expect(JSON.parse(record)).not.toHaveProperty('outcome');
      }
      const kept = new Set<string>(sessions.filter(({ work }) => work?.kept).map(({ id }) => id));
      await until(() => namesIn(join(house, 'sessions')).every((id) => kept.has(id)));
      expect(namesIn(join(house, 'mirrors')).filter((name) => name.endsWith('.part'))).toEqual([]);
      expect(namesIn(join(house, 'sandboxes'))).toEqual([]);
    }
    await holdfast(house, ['stop']);
    await daemon.ended;
    const files = readdirSync(house, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const all = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
    expect(all.filter((bytes) => bytes.includes(secret)).length).toBe(0);
  },
);
