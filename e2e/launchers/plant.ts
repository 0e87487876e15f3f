/** `node plant.ts FOLDER COUNT`: a record with so many events, made before a program starts on it. */
import { startCore } from '../../electron/core.ts';
import { plantedEvent } from './planted-events.ts';

const [data, count] = [process.argv[2], Number(process.argv[3])];
const batch = 1000;

const core = await startCore({ surface: 'daemon', data, port: null, stopAsked: () => {} });
try {
  for (let done = 0; done < count; done += batch) {
    const length = Math.min(batch, count - done);
    await core.record.appendAll(Array.from({ length }, (_, i) => plantedEvent(done + i)));
  }
} finally {
  await core.stop({ drain: true, reason: 'planting is done' });
}
