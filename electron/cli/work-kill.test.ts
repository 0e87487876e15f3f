import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startModelStandIn } from '../../e2e/stand-in-models/stand-in.ts';
import type { Session } from '../../shared/session.ts';
import { count, soaking } from '../base/test-counts.ts';
import {
  leftIn,
  startDocker,
  type ThrowAwayEngine,
  withoutEngine,
} from '../sandbox/testing/throw-away-engine.ts';
import { startGitServer } from '../sessions/testing/git-server.ts';
import { askModels } from '../sessions/testing/model-gateway.ts';
import { give, repository } from '../sessions/testing/some-work.ts';
import { answerOf, type Daemon, holdfast, startDaemon, testFolder, until } from './testing/launch.ts';

const methodology = new URL('../../resources/methodologies/example', import.meta.url).pathname;

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

async function killed(daemon: Daemon): Promise<void> {
  daemon.child.kill('SIGKILL');
  await daemon.ended;
}

const key = 'sk-the-real-key-0123456789';
const question = { model: 'stand-in/one', max_tokens: 99, messages: [{ role: 'user', content: 'Hi' }] };

/** A data folder with an agent that asks a model, says that it is at work and waits until it may end. */
async function place(engine: ThrowAwayEngine | null) {
  const data = testFolder();
  chmodSync(data, 0o755);
  const [gate, agents] = [join(data, 'gate'), join(data, 'config', 'holdfast', 'agents')];
  mkdirSync(gate);
  give(gate);
  mkdirSync(agents, { recursive: true });
  const script = `${askModels(question)}
    ask "$HOLDFAST_GATEWAY_TOKEN" >/gate/answer
    printf '%s' "$HOLDFAST_GATEWAY_TOKEN" >/gate/token
    echo more >>a.txt; echo x >/gate/begun; while [ -e /gate/shut ]; do sleep 0.02; done`;
  const mounts = `[{ source: ${gate}, target: /gate, read_only: false }]`;
  writeFileSync(
    join(agents, 'worker.yaml'),
    `name: worker\ncommand:\n  argv: ${JSON.stringify(['/bin/bash', '-c', script])}\n  mounts: ${mounts}
  methodology: ${methodology}
  gateway: { model: stand-in/one }
  credentials: [{ secret: key, file: key }, { secret: key, variable: KEY }]
${engine ? 'sandbox: { kind: container }' : ''}\n`,
  );
  const note = join(data, 'note.txt');
  writeFileSync(note, 'noted');
  const served = join(data, 'served');
  repository(join(served, 'project'), { 'a.txt': 'one\n' });
  const server = await startGitServer(served);
  const models = await startModelStandIn({ key, answer: () => ({ text: 'tide' }) });
  onTestFinished(() => models.close());
  const variables = { XDG_CONFIG_HOME: join(data, 'config'), ...engine?.environment };
  return { data, gate, note, server, models, url: `${server.url}/project/.git`, variables };
}

const secret = 'a-secret-of-the-worker';

type Place = Awaited<ReturnType<typeof place>>;

/** What does not come in so long never will: that is less than the test itself has. */
const seconds = 25;

/** Resolves when it has come so far; the returned function lets what was held up go on. */
type Moment = (at: Place & { house: string; start: () => Promise<string> }) => Promise<() => void>;

const fetched: Moment = async ({ house, server, start }) => {
  const goOn = server.hold();
  await start();
  await until(() => namesIn(join(house, 'mirrors')).some((name) => name.endsWith('.part')), {
    what: 'a mirror that is being made',
    seconds,
  });
  return goOn;
};

const working: Moment = async ({ gate, start }) => {
  writeFileSync(join(gate, 'shut'), '');
  await start();
  await until(() => existsSync(join(gate, 'begun')), { what: 'an agent at work', seconds });
  return () => rmSync(join(gate, 'shut'));
};

const collected: Moment = async ({ house, start }) => {
  const folder = join(house, 'sessions', await start());
  await until(() => namesIn(folder).some((name) => name === 'aside' || name === 'work'), {
    what: 'a folder for what it changes',
    seconds,
  });
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

async function untilNothingIn(engine: ThrowAwayEngine): Promise<void> {
  const what = 'an engine with nothing of it';
  await until(async () => (await leftIn(engine)).length === 0, { what, seconds });
}

/** How often it was killed. */
async function killedAtEveryStep(engine: ThrowAwayEngine | null): Promise<number> {
  const some = await place(engine);
  const { data, gate, note, models, url, variables } = some;
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
  const provider = ['--provider', 'stand-in', '--wire', 'messages', '--base-url', models.url, '--no-test'];
  const asked = ['configure', ...provider, '--key-from-env', 'THEIR_KEY'];
  const configured = await holdfast(house, asked, { variables: { THEIR_KEY: key } });
  expect(configured.code, configured.stderr).toBe(0);
  const secrets = [secret, key];
  const known = [fetched, working, collected];
  const rounds = count(known.length, 100);
  for (let round = 0; round < rounds; round++) {
    const moment = known[round] ?? after((round / rounds) * 2000);
    const goOn = await moment({ ...some, house, start });
    await killed(daemon);
    goOn();
    if (moment === working) {
      expect(readFileSync(join(gate, 'answer'), 'utf8')).toContain('tide');
      secrets.push(readFileSync(join(gate, 'token'), 'utf8'));
    }
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
    await until(() => namesIn(join(house, 'sessions')).every((id) => kept.has(id)), {
      what: 'a house with nothing of what has ended',
      seconds,
    });
    expect(namesIn(join(house, 'mirrors')).filter((name) => name.endsWith('.part'))).toEqual([]);
    await until(() => namesIn(join(house, 'sandboxes')).length === 0, {
      what: 'a house with nothing of a sandbox',
      seconds,
    });
    if (engine && round < known.length) await untilNothingIn(engine);
  }
  if (engine) {
    // What the engine was asked for last may have been made only after the next life had looked.
    await killed(daemon);
    daemon = await startDaemon({ folder: house, variables });
    await answerOf<Session[]>(house, 'sessions', '--all');
    await untilNothingIn(engine);
  }
  await holdfast(house, ['stop']);
  await daemon.ended;
  const files = readdirSync(house, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const all = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)));
  for (const each of secrets) expect(all.filter((bytes) => bytes.includes(each)).length).toBe(0);
  expect(secrets).toHaveLength(3);
  return rounds;
}

const timeout = soaking ? 60 * 60_000 : 60_000;

test(
  'a command agent whose Holdfast is killed at any step has failed, and nothing but its record is left',
  { timeout },
  async () => expect(await killedAtEveryStep(null)).toBeGreaterThan(2),
);

const why = withoutEngine('dockerd');
describe.skipIf(why !== null)(
  `the same in containers${why === null ? '' : `, not tried here: ${why}`}`,
  () => {
    test('one in a container has failed as well, and the engine has nothing of it', { timeout }, async () => {
      const docker = await startDocker();
      onTestFinished(() => docker.stop());
      expect(await killedAtEveryStep(docker)).toBeGreaterThan(2);
    });
  },
);
