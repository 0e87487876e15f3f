/**
 * Namespace sandboxes: `/bin/true` from nothing to gone, against bare bubblewrap and against what others do
 * for the same command; the first result of a session; file tools and commands in one that runs; memory.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../electron/base/clock.ts';
import { silentLog } from '../electron/base/log.ts';
import { authorizePath } from '../electron/capabilities/authorize-path.ts';
import { CapabilityTokens } from '../electron/capabilities/capability-tokens.ts';
import { createPathOpener } from '../electron/capabilities/open-path.ts';
import type { Sandbox, SandboxPlan } from '../electron/sandbox/sandbox.ts';
import { openNamespaceHouse } from '../electron/sandbox/testing/namespace-house.ts';
import { ran } from '../electron/sandbox/testing/sandbox-house.ts';
import { ended, peers } from './parts/peers.ts';
import { privateMegabytes } from './parts/private-memory.ts';
import { median, percentile, quick, report } from './parts/report.ts';

const rounds = quick ? 15 : 60;
const reads = quick ? 500 : 5000;
const house = await openNamespaceHouse();
const folder = await house.newFolder();
const file = join(folder, 'four-kilobytes');
await house.put(file, randomBytes(4096));
const others = await peers();

const milliseconds = (value: number) => `${value.toFixed(value < 1 ? 3 : 1)} ms`;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const bare = () => ended('bwrap', ['--unshare-all', '--ro-bind', '/', '/', '/bin/true']);

/** The folders that a session has anyway are not what is measured. */
const newPlan = () => house.plan({ folders: [{ path: folder, mode: 'ro' }] });

async function startPlanned(plan: SandboxPlan): Promise<Sandbox> {
  return (await house.executor.prepare(plan, new AbortController().signal)).start();
}

const startOne = async () => startPlanned(await newPlan());

async function contained(plan: SandboxPlan): Promise<void> {
  const sandbox = await startPlanned(plan);
  const { end } = await ran(sandbox, ['/bin/true']);
  if (end.how !== 'exited' || end.code !== 0) throw new Error(`true ended as ${JSON.stringify(end)}`);
  await sandbox.teardown();
}

/** Interleaved, so that what else this machine does falls on all alike. */
async function coldStarts(): Promise<void> {
  const figures = { contained: [] as number[], bare: [] as number[], first: [] as number[] };
  const peerFigures = others.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    figures.bare.push(await timed(bare));
    const [one, other] = [await newPlan(), await newPlan()];
    figures.contained.push(await timed(() => contained(one)));
    let sandbox: Sandbox | undefined;
    const first = async () => (sandbox = await startPlanned(other)).files.read(file);
    figures.first.push(await timed(first));
    await sandbox?.teardown();
    for (const [at, peer] of others.entries()) peerFigures[at]!.push(await timed(() => peer.run()));
  }
  const [ours, least, first] = [median(figures.contained), median(figures.bare), median(figures.first)];
  const figure = milliseconds(ours);
  report({
    name: 'contained /bin/true, cold, until nothing of it is left',
    figure,
    compared: `${milliseconds(least)} bare bwrap --unshare-all`,
    value: ours / least,
    aim: { atMost: 1.8 },
  });
  for (const [at, { name }] of others.entries()) {
    const theirs = median(peerFigures[at]!);
    const compared = `${milliseconds(theirs)} ${name}`;
    report({ name: 'the same', figure, compared, value: ours / theirs, aim: { atMost: 0.3 } });
  }
  report({
    name: 'session start to first tool result, cold',
    figure: milliseconds(first),
    compared: `${milliseconds(least)} bare bwrap --unshare-all`,
    value: first / least,
    aim: { atMost: 3 },
  });
}

/** Grants are not written here: the token counts no uses, so nothing else is. */
const unwritten = {
  append: () => Promise.resolve({} as never),
  appendAll: () => Promise.resolve([]),
  rows: () => [],
};

async function fileReads(sandbox: Sandbox): Promise<void> {
  const tokens = new CapabilityTokens({
    record: unwritten,
    clock: systemClock,
    random: randomBytes,
    log: silentLog(),
  });
  const capability = { kind: 'file_read', path: `${folder}/*` } as const;
  const holder = await tokens.issue({ agent: 'bench', capability }, { kind: 'operator' });
  const open = createPathOpener();
  const checked = async () => {
    const opened = await authorizePath(tokens, open, holder, { kind: 'file_read', path: file });
    try {
      await sandbox.files.read(opened.path.toString());
    } finally {
      opened.close();
    }
  };
  const figures = { ours: [] as number[], inProcess: [] as number[] };
  for (let i = 0; i < reads; i++) {
    figures.ours.push(await timed(checked));
    figures.inProcess.push(await timed(() => readFile(file)));
  }
  await tokens.close();
  const [ours, inProcess] = [median(figures.ours), median(figures.inProcess)];
  const late = percentile(figures.ours, 99);
  const figure = `${milliseconds(ours)}, p99 ${milliseconds(late)}`;
  report({
    name: '4 KiB file_read through the helper, token check included',
    figure,
    compared: `${milliseconds(inProcess)} readFile in process, p99 ${milliseconds(percentile(figures.inProcess, 99))}`,
    value: ours / inProcess,
    aim: { atMost: 1.5 },
  });
  report({ name: 'the same, p99', figure, compared: '', value: late, aim: { atMost: 2 }, unit: ' ms' });
}

async function commands(sandbox: Sandbox): Promise<void> {
  const figures = { ours: [] as number[], direct: [] as number[] };
  for (let round = 0; round < rounds * 3; round++) {
    figures.direct.push(await timed(() => ended('/bin/true', [])));
    figures.ours.push(await timed(() => ran(sandbox, ['/bin/true'])));
  }
  const [ours, direct] = [median(figures.ours), median(figures.direct)];
  report({
    name: 'command through the helper, nested',
    figure: milliseconds(ours),
    compared: `${milliseconds(direct)} direct spawn`,
    value: ours / direct,
    aim: { atMost: 2 },
  });
}

async function memory(): Promise<void> {
  const many = 20;
  const before = privateMegabytes(process.pid);
  const sandboxes = await Promise.all(Array.from({ length: many }, startOne));
  const each = (privateMegabytes(process.pid) - before) / many;
  await Promise.all(sandboxes.map((sandbox) => sandbox.teardown()));
  report({
    name: `${many} concurrent sessions: private memory of the processes of one`,
    figure: `${each.toFixed(2)} MB`,
    compared: 'all that this process started',
    value: each,
    aim: { atMost: 6 },
    unit: ' MB',
  });
}

try {
  await coldStarts();
  const sandbox = await startOne();
  await fileReads(sandbox);
  await commands(sandbox);
  await sandbox.teardown();
  await memory();
} finally {
  for (const peer of others) await peer.close();
  await house.close();
}
