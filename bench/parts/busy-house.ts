/**
 * A house that appends at a steady rate and watches its own event loop, in a process of its own.
 * Told its rate and its seconds as arguments; says its address and a token, then, at the end, the delays.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startCore } from '../../electron/core.ts';

const [rate, seconds] = process.argv.slice(2).map(Number) as [number, number];
const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-follow-'));
const core = await startCore({ surface: 'daemon', data: folder, port: 0, stopAsked: () => undefined });
const token = (await readFile(core.paths.operatorToken, 'utf8')).trim();
process.send!({ address: (await core.house.status()).address, token });

process.once('message', () => void run());

async function run(): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const started = performance.now();
  let sent = 0;
  const failures: unknown[] = [];
  delay.enable();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - started;
      for (const due = Math.min(rate * seconds, (elapsed / 1000) * rate); sent < due; sent++) {
        const text = `${performance.timeOrigin + performance.now()} ${'lorem ipsum '.repeat(12)}`;
        core.record
          .append({ kind: 'record.noted', actor: { kind: 'operator' }, data: { text } })
          .catch((failure: unknown) => failures.push(failure));
      }
      if (elapsed >= seconds * 1000) {
        clearInterval(timer);
        resolve();
      }
    }, 1);
  });
  delay.disable();
  const told = {
    sent,
    failures: failures.length,
    p50: delay.percentile(50) / 1e6,
    p99: delay.percentile(99) / 1e6,
  };
  // The last events are still on their way to the followers.
  setTimeout(() => {
    process.send!(told);
    void core.stop({ drain: false, reason: 'the bench is over' }).then(() => {
      rmSync(folder, { recursive: true, force: true });
      process.disconnect();
    });
  }, 500);
}
