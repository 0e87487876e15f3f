import type { Command } from 'commander';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { plural } from '../../../shared/plural.ts';
import { Problem } from '../../../shared/problem.ts';
import { insistOn } from '../ask.ts';
import type { Client } from '../client.ts';
import { harmless } from '../output.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { readCount } from '../values.ts';
import { eventLine } from './events.ts';

interface EraseOptions extends Common {
  reason: string;
  blob?: string[];
  blobs?: true;
  yes?: true;
}

export function addRecordVerbs(program: Command): void {
  verb(program, 'checkpoint', 'Sign the record as it is now', 'holdfast checkpoint').action(
    async (options: Common) => {
      const { client, out } = openSession(options);
      const checkpoint = await client.record.checkpoint();
      out.result(checkpoint, () => [checkpoint.note.trimEnd()]);
    },
  );

  verb(
    program,
    'erase <seq>',
    'Erase what one event carries, for good',
    'holdfast erase 120 --reason "a customer asked" --yes',
  )
    .requiredOption('--reason <text>', 'why; it stays on the record')
    .option('--blob <name|index>', 'only this of what is attached to it; may be repeated', collect)
    .option('--blobs', 'only what is attached to it, all of it')
    .option('--yes', 'do not ask')
    .action(async (seq: string, options: EraseOptions) => {
      const { client, out } = openSession(options);
      const number = readCount('The event', seq, 0, Number.MAX_SAFE_INTEGER);
      const blobs = await blobsOf(client, number, options);
      const what = blobs
        ? `${blobs.map(({ name }) => `“${harmless(name)}”`).join(', ')} of event ${number}`
        : `what event ${number} carries`;
      await insistOn(`Erase ${what}? It cannot be brought back.`, options.yes);
      const only = blobs ? { blobs: blobs.map(({ index }) => index) } : {};
      const event = await client.record.erase({ seq: number, reason: options.reason, ...only });
      out.result(event, () => [eventLine(event)]);
    });

  verb(program, 'prune', 'Remove blobs that the settings no longer keep', 'holdfast prune --dry-run')
    .option('--dry-run', 'only say what would go')
    .action(async (options: Common & { dryRun?: true }) => {
      const { client, out } = openSession(options);
      const dryRun = options.dryRun === true;
      const pruned = await client.record.prune({ dryRun });
      out.result(pruned, () => [
        `${plural(pruned.count, 'blob')}, ${plural(pruned.bytes, 'byte')} ${dryRun ? 'would go' : 'are gone'}.`,
        ...(pruned.left.count === 0
          ? []
          : [
              `${plural(pruned.left.count, 'blob')}, ${plural(pruned.left.bytes, 'byte')} ${dryRun ? 'would stay' : 'stay'}: sessions that have not ended need them to go on. They can go when those are stopped (\`holdfast stop SESSION\`).`,
            ]),
      ]);
    });

  verb(
    program,
    'rotate-key',
    'Change the key that signs the record',
    'holdfast rotate-key --reason "yearly change" --yes',
  )
    .requiredOption('--reason <text>', 'why; it stays on the record')
    .option('--yes', 'do not ask')
    .action(async (options: Common & { reason: string; yes?: true }) => {
      const { client, out } = openSession(options);
      await insistOn(
        'Change the signing key? Whoever checks your bundles needs the new fingerprint.',
        options.yes,
      );
      const key = await client.record.rotateKey({ reason: options.reason });
      out.result(key, () => [`The new key is ${key.fingerprint}.`]);
    });
}

/** The blobs that are to go alone; null where all that the event carries is. */
async function blobsOf(
  client: Client,
  seq: number,
  { blob, blobs }: EraseOptions,
): Promise<RecordedEvent['blobs'] | null> {
  if (blob === undefined && blobs === undefined) return null;
  if (blob !== undefined && blobs !== undefined)
    throw new Problem('invalid_input', 'Give --blob or --blobs, not both.');
  const { event } = await client.record.get({ event: String(seq) });
  const here = event.blobs.filter(({ state }) => state !== 'erased');
  const chosen = blob === undefined ? here : blob.flatMap((word) => blobsNamed(event, here, word));
  if (chosen.length > 0) return chosen;
  throw new Problem('not_found', `Nothing is attached to event ${seq} that is not erased already.`);
}

/** A name may stand for several; a number is a place unless it is a name. */
function blobsNamed(
  { seq }: RecordedEvent,
  here: RecordedEvent['blobs'],
  word: string,
): RecordedEvent['blobs'] {
  const named = here.filter(({ name }) => name === word);
  const found = named.length > 0 ? named : here.filter(({ index }) => String(index) === word);
  if (found.length > 0) return found;
  throw new Problem(
    'not_found',
    `Nothing named “${word}” is attached to event ${seq}.`,
    here.length === 0
      ? undefined
      : `There is ${here.map(({ index, name }) => `${index}, “${harmless(name)}”`).join('; ')}.`,
  );
}
