import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ExportPreview } from '../../../shared/contract/record.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Id } from '../../../shared/ids.ts';
import { insistOn } from '../ask.ts';
import type { Client } from '../client.ts';
import { aligned, harmless } from '../output.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { readCount } from '../values.ts';

interface ExportOptions extends Common {
  from?: string;
  to?: string;
  withholdKind?: string[];
  withholdData?: string[];
  withholdAllData?: true;
  withholdBlobs?: true;
  yes?: true;
}

function previewLines(preview: ExportPreview, withheld: readonly string[]): string[] {
  const rows = preview.kinds.map(({ kind, events, dataBytes, blobs, blobBytes, sample }) => [
    kind,
    `${events}`,
    withheld.includes(kind) ? 'withheld' : `${dataBytes + blobBytes} bytes`,
    blobs > 0 ? `${blobs} blobs` : '',
    harmless(sample),
  ]);
  return [
    `${preview.events} events would leave, ${preview.bytes} bytes of payload:`,
    '',
    ...aligned(rows),
    '',
  ];
}

/** Copies a bundle piece by piece into a file that did not exist, with this account's rights. */
async function fetchBundle(
  client: Client,
  bundle: Id<'bundle'>,
  path: string,
  sha256: string,
): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((failure: NodeJS.ErrnoException) => {
    const there = failure.code === 'EEXIST';
    throw new Problem(
      there ? 'conflict' : 'storage_failed',
      there ? `${path} is there already.` : `${path} cannot be written: ${failure.message}.`,
      'Choose another name.',
      { cause: failure },
    );
  });
  let whole = false;
  try {
    const hash = createHash('sha256');
    for (let offset: number | null = 0; offset !== null;) {
      const piece: { base64: string; next: number | null } = await client.record.readExport({
        bundle,
        offset,
      });
      const content = Buffer.from(piece.base64, 'base64');
      hash.update(content);
      await file.writeFile(content);
      offset = piece.next;
    }
    await file.sync();
    whole = hash.digest('hex') === sha256;
  } finally {
    await file.close();
    if (!whole) await rm(path, { force: true });
  }
  if (!whole)
    throw new Problem('storage_failed', 'The bundle arrived changed and was removed.', 'Try again.');
}

export function addExportVerb(program: Command): void {
  verb(
    program,
    'export <file>',
    'Write a bundle that proves itself without Holdfast',
    'holdfast export proof.tar.gz --from 100 --to 250 --withhold-kind secret.stored --yes',
  )
    .option('--from <seq>', 'the first event (default: the very first)')
    .option('--to <seq>', 'the last event (default: the newest)')
    .option('--withhold-kind <kind>', 'keep back what events of this kind say; may be repeated', collect)
    .option('--withhold-data <seq>', 'keep back what this event says; may be repeated', collect)
    .option('--withhold-all-data', 'keep back what every event says')
    .option('--withhold-blobs', 'keep back every blob')
    .option('--yes', 'do not ask')
    .action(async (path: string, options: ExportOptions) => {
      const { client, out } = openSession(options);
      const { size } = await client.record.state();
      const last = size - 1;
      const from = readCount('--from', options.from ?? '0', 0, last);
      const to = readCount('--to', options.to ?? String(last), from, last);
      const kinds = options.withholdKind ?? [];
      if (!options.json) {
        const preview = await client.record.exportPreview({ from, to });
        for (const line of previewLines(preview, kinds)) out.say(line);
      }
      await insistOn('Write these events to the file?', options.yes);
      const events = (options.withholdData ?? []).map((seq) => readCount('--withhold-data', seq, from, to));
      const withhold = {
        kinds,
        events,
        blobs: [],
        allData: options.withholdAllData === true,
        allBlobs: options.withholdBlobs === true,
      };
      for await (const { progress, result } of await client.record.export({ from, to, withhold })) {
        if (progress) out.progress(progress);
        if (!result) continue;
        out.progressEnd();
        await fetchBundle(client, result.bundle, path, result.sha256);
        out.result({ ...result, file: path }, () => [
          `${path}: ${result.events} events, ${result.withheld} payloads withheld, ${result.bytes} bytes`,
          `sha256 ${result.sha256}`,
        ]);
      }
    });
}
