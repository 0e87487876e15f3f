/**
 * Loaded into a daemon that is measured (`node --import`): at the first SIGUSR2 it begins to watch the event loop, at the
 * second it writes the 99th percentile of its delay, in milliseconds, to the file that the environment names.
 */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  let watching = false;
  process.on('SIGUSR2', () => {
    if (watching)
      writeFileSync(process.env['HOLDFAST_LOOP_FILE'] ?? '/dev/null', String(delay.percentile(99) / 1e6));
    else delay.enable();
    watching = true;
  });
}
