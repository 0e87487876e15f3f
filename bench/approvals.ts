/**
 * From the answer of a person to the call at work: the answer, durable, the waiting call woken, its facts
 * looked at again, and its intent durable. Beside it, in the same run, the two flushes to the disk that this cannot do without.
 */
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import { openRecord } from '../electron/audit/open-record.ts';
import { HouseApprovals } from '../electron/approvals/approvals.ts';
import type { PlannedCall } from '../electron/approvals/asking.ts';
import { systemClock } from '../electron/base/clock.ts';
import { newId } from '../electron/base/ids.ts';
import { silentLog } from '../electron/base/log.ts';
import { makePrivateFolder } from '../electron/base/private-files.ts';
import { openVault } from '../electron/store/open-vault.ts';
import { median, percentile, quick, report } from './parts/report.ts';

const rounds = quick ? 40 : 200;
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-approvals-'));
const operator = { kind: 'operator' } as const;

/** Two writes of a page, each flushed, one after the other. */
function twoFlushes(file: number): number {
  const page = Buffer.alloc(4096, 1);
  const started = performance.now();
  for (let i = 0; i < 2; i++) {
    writeSync(file, page);
    fsyncSync(file);
  }
  return performance.now() - started;
}

const data = join(folder, 'data');
await makePrivateFolder(data);
const log = silentLog();
const vault = await openVault({ folder: data, clock: systemClock });
const threads = {
  writer: new URL('../electron/writer.ts', import.meta.url),
  reader: new URL('../electron/reader.ts', import.meta.url),
};
const record = await openRecord({ folder: data, vault, clock: systemClock, log, version: 'bench', threads });
const tool = () => Promise.resolve(undefined);
const approvals = new HouseApprovals({ record, clock: systemClock, log, expireMinutes: () => null, tool });
const session = newId('session', systemClock.now());
const watching = new AbortController();
const watched = approvals.watch(watching.signal);

async function answered(i: number): Promise<number> {
  const line = `make target-${i}`;
  const facts = { folder: '/project', plan: 'plan', executed: null };
  const call: PlannedCall = {
    ...facts,
    call: newId('call', systemClock.now()),
    session,
    agent: 'coder',
    tool: { name: 'exec', title: 'Command', surface: 'sandbox', action: false },
    input: { command: line },
    intents: [{ kind: 'shell', line, cwd: '/project', writes: true }],
    crossings: [{ kind: 'command', words: 'runs a command in your folder' }],
    level: 'boundaries',
    now: () => Promise.resolve(facts),
  };
  const asked = (async () => {
    for (;;) {
      const told = await watched.next();
      if (told.done !== true && told.value.state === 'pending') return told.value;
    }
  })();
  const deciding = approvals.decide(call, { unattended: 'wait' }, watching.signal);
  const { id } = await asked;
  const started = performance.now();
  void approvals.answer(id, { kind: 'once' }, undefined, operator);
  const verdict = await deciding;
  await record.append({
    kind: 'tool.invoked',
    actor: { kind: 'agent', id: 'coder' },
    scope: { session, agent: 'coder' },
    data: {
      tool: 'exec',
      inputHash: hash('sha256', line),
      preview: line,
      surface: 'namespace',
      call: call.call,
      decidedBy: verdict.by.words,
    },
  });
  return performance.now() - started;
}

try {
  const file = openSync(join(folder, 'flushed'), 'w');
  const took: number[] = [];
  const flushed: number[] = [];
  for (let i = 0; i < rounds + 10; i++) {
    const [ours, bare] = [await answered(i), twoFlushes(file)];
    // The first ones load what the others have.
    if (i < 10) continue;
    took.push(ours);
    flushed.push(bare);
  }
  closeSync(file);
  report({
    name: 'approval answered → tool running',
    figure: `median ${median(took).toFixed(2)} ms, 95 % within ${percentile(took, 95).toFixed(2)} ms`,
    compared: `median ${median(flushed).toFixed(2)} ms for two flushes of a page`,
    value: percentile(took, 95),
    aim: { atMost: 20 },
    unit: ' ms',
  });
} finally {
  watching.abort();
  await watched.return();
  await approvals.close();
  await record.close();
  rmSync(folder, { recursive: true, force: true });
}
