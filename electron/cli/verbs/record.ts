import type { Command } from 'commander';
import { insistOn } from '../ask.ts';
import { type Common, openSession, verb } from '../session.ts';
import { readCount } from '../values.ts';
import { eventLine } from './events.ts';

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
    .option('--yes', 'do not ask')
    .action(async (seq: string, options: Common & { reason: string; yes?: true }) => {
      const { client, out } = openSession(options);
      const number = readCount('The event', seq, 0, Number.MAX_SAFE_INTEGER);
      await insistOn(`Erase what event ${number} carries? It cannot be brought back.`, options.yes);
      const event = await client.record.erase({ seq: number, reason: options.reason });
      out.result(event, () => [eventLine(event)]);
    });

  verb(program, 'prune', 'Remove blobs that the settings no longer keep', 'holdfast prune --dry-run')
    .option('--dry-run', 'only say what would go')
    .action(async (options: Common & { dryRun?: true }) => {
      const { client, out } = openSession(options);
      const dryRun = options.dryRun === true;
      const pruned = await client.record.prune({ dryRun });
      out.result(pruned, () => [
        `${pruned.count} blobs, ${pruned.bytes} bytes ${dryRun ? 'would go' : 'are gone'}.`,
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
