/** A process that appends without end and tells each acknowledged event, until somebody kills it. */
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import { openVault } from '../../store/open-vault.ts';
import { openRecord } from '../open-record.ts';

const folder = process.argv[2]!;
const threads = {
  writer: new URL('../../writer.ts', import.meta.url),
  reader: new URL('../../reader.ts', import.meta.url),
};
const vault = await openVault({ folder, clock: systemClock });
const record = await openRecord({
  folder,
  vault,
  clock: systemClock,
  log: silentLog(),
  version: 'test',
  threads,
});
let next = 0;
await Promise.all(
  Array.from({ length: 20 }, async () => {
    for (;;) {
      const text = `event ${next++}`;
      const carried = { name: 'carried', type: 'text/plain', content: Buffer.from(text.repeat(20)) };
      const event = await record.append({
        kind: 'record.noted',
        actor: { kind: 'operator' },
        data: { text },
        ...(next % 5 === 0 ? { blobs: [carried] } : {}),
      });
      if (next % 50 === 0) {
        await record.append({
          kind: 'setting.changed',
          actor: { kind: 'operator' },
          data: { key: 'blobs.keepDays', value: (next % 100) + 1 },
        });
      }
      process.stdout.write(`${event.seq} ${text}\n`);
    }
  }),
);
