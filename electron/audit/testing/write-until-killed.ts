/** A process that appends without end and tells each acknowledged event, until somebody kills it. */
import { openHere } from './open-here.ts';

const folder = process.argv[2]!;
const { record } = await openHere(folder);
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
