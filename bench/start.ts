/** From starting the process to ready, on a long record; beside a minimal daemon in the same run. */
import { rmSync } from 'node:fs';
import { SampleLog } from '../electron/audit/sample-log.ts';
import { projections } from '../electron/projections.ts';
import { builtDaemon, minimalDaemon, start, type Started, stop } from './parts/daemons.ts';
import { median, numberOption, quick, report, thousands } from './parts/report.ts';

const events = numberOption('events', quick ? 50_000 : 1_000_000);
const rounds = numberOption('rounds', quick ? 5 : 15);
const log = new SampleLog(projections);

async function timed(begin: () => Promise<Started>): Promise<number> {
  const started = await begin();
  await stop(started);
  return started.milliseconds;
}

try {
  log.fill(events);
  log.checkpoint();
  log.writer.close();
  const ours = () => start(builtDaemon, ['--data', log.folder, '--no-open']);
  const minimal = () => start(minimalDaemon, [`${log.folder}/minimal.sqlite`]);
  await timed(ours);
  await timed(minimal);
  const figures = { ours: [] as number[], minimal: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    figures.ours.push(await timed(ours));
    figures.minimal.push(await timed(minimal));
  }
  report({
    name: `start: to ready with ${thousands(events)} events`,
    figure: `${median(figures.ours).toFixed(0)} ms`,
    compared: `${median(figures.minimal).toFixed(0)} ms for a minimal daemon`,
    value: median(figures.ours.map((figure, i) => figure / figures.minimal[i]!)),
    aim: { atMost: 3 },
  });
} finally {
  rmSync(log.folder, { recursive: true, force: true });
}
