import { startCore } from '../../electron/core.ts';
import { plantedEvent } from './planted-events.ts';

const batch = 1000;

/** Puts so many events on the record of a data folder, through the house itself, without a window or a port. */
export async function plantRecord(data: string, count: number): Promise<void> {
  const core = await startCore({ surface: 'daemon', data, port: null, stopAsked: () => {} });
  try {
    for (let done = 0; done < count; done += batch) {
      const length = Math.min(batch, count - done);
      await core.record.appendAll(Array.from({ length }, (_, i) => plantedEvent(done + i)));
    }
  } finally {
    await core.stop({ drain: true, reason: 'planting is done' });
  }
}
