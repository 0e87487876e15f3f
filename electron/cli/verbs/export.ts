import type { Command } from 'commander';
import type { ExportPreview } from '../../../shared/contract/record.ts';
import { insistOn } from '../ask.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Client } from '../client.ts';
import { fetchBundle, refuseExisting } from '../fetch-bundle.ts';
import { aligned, harmless } from '../output.ts';
import { collect, type Common, openSession, verb } from '../session.ts';
import { readCount } from '../values.ts';

interface ExportOptions extends Common {
  from?: string;
  to?: string;
  run?: string;
  session?: string;
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

/** What is named alone, and the first and the last event that belong to it. */
async function eventsOf(client: Client, { run, session }: ExportOptions) {
  if (run !== undefined && session !== undefined) {
    throw new Problem('invalid_input', 'A run or a session, not both.');
  }
  const only = {
    run: run === undefined ? null : (await client.runs.get({ run })).id,
    session: session === undefined ? null : (await client.sessions.get({ session })).id,
  };
  const filter = { ...(only.run && { run: only.run }), ...(only.session && { session: only.session }) };
  if (Object.keys(filter).length === 0) return null;
  const [newest, oldest] = await Promise.all([
    client.record.query({ filter, limit: 1 }),
    client.record.query({ filter, after: -1, limit: 1 }),
  ]);
  return { ...only, from: oldest.events[0]?.seq ?? 0, to: newest.events[0]?.seq ?? 0 };
}

export function addExportVerb(program: Command): void {
  verb(
    program,
    'export <file>',
    'Write a bundle that proves itself without Holdfast',
    'holdfast export proof.tar.gz --from 100 --to 250 --withhold-kind secret.stored --yes',
  )
    .option('--run <id>', 'from a run’s first event to its last, with what only its own events say')
    .option('--session <id>', 'the same of a session')
    .option('--from <seq>', 'the first event (default: the very first)')
    .option('--to <seq>', 'the last event (default: the newest)')
    .option('--withhold-kind <kind>', 'keep back what events of this kind say; may be repeated', collect)
    .option('--withhold-data <seq>', 'keep back what this event says; may be repeated', collect)
    .option('--withhold-all-data', 'keep back what every event says')
    .option('--withhold-blobs', 'keep back every blob')
    .option('--yes', 'do not ask')
    .action(async (path: string, options: ExportOptions) => {
      const { client, out } = openSession(options);
      refuseExisting(path);
      const { size } = await client.record.state();
      const last = size - 1;
      const its = await eventsOf(client, options);
      const from = readCount('--from', options.from ?? String(its?.from ?? 0), 0, last);
      const to = readCount('--to', options.to ?? String(its?.to ?? last), from, last);
      const onlyRun = its?.run ?? null;
      const kinds = options.withholdKind ?? [];
      if (!options.json) {
        const preview = await client.record.exportPreview({
          from,
          to,
          onlyRun,
          onlySession: its?.session ?? null,
        });
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
        onlyRun,
        onlySession: its?.session ?? null,
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
