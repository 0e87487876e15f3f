import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportPreview, PreviewWish, Withhold } from '../../shared/contract/record.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import { type Connection, openForReading } from '../store/database.ts';
import { ArchiveWriter } from './bundle/archive.ts';
import { BundleContents, type PayloadCount } from './bundle/contents.ts';
import { previewOf } from './bundle/preview.ts';
import { proofLines } from './bundle/proof-lines.ts';
import { Withholding } from './bundle/withholding.ts';
import { parseCheckpoint, parseVerifierKey, signersOf, type VerifierKey } from './tree/note.ts';
import type { BundleMade, Progress } from './record.ts';
import { subtreesOf } from './tree/subtrees.ts';

export interface BundleRequest {
  /** The database file. */
  path: string;
  /** Where the bundle is written, as `<bundle id>.tgz`. */
  folder: string;
  from: number;
  /** Inclusive. */
  to: number;
  withhold: Withhold;
  /** The signed note; it covers the range. */
  checkpoint: string;
  /** Verifier key of the one who signed it. */
  key: string;
  bundle: Id<'bundle'>;
  version: string;
  /** Milliseconds. */
  now: number;
}

const formatVersion = 1;
/** The same way from the source and from the built files, which lie as deep. */
const resources = join(import.meta.dirname, '../../resources');

export function exportPreview(database: Connection, range: PreviewWish): ExportPreview {
  return previewOf(database, range);
}

/** The note with the signature of this key alone, so that every byte of it can be checked with the key. */
function noteSignedBy(note: string, key: VerifierKey): string {
  const end = note.indexOf('\n\n') + 2;
  const own = note
    .slice(end)
    .split('\n')
    .find((line) => signersOf(`${note.slice(0, end)}${line}\n`, [key]).length > 0);
  if (own === undefined) throw new Problem('conflict', 'The checkpoint is not signed with the present key.');
  return `${note.slice(0, end)}${own}\n`;
}

export const bundleName = (log: string, from: number, to: number): string =>
  `holdfast-${log.slice(-8)}-${from}-${to}`;

/** Writes one bundle, reading from one snapshot: what is appended or erased meanwhile is not in it. */
export async function exportBundle(
  request: BundleRequest,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<BundleMade> {
  await mkdir(request.folder, { recursive: true, mode: 0o700 });
  const database = openForReading(request.path);
  try {
    database.exec('BEGIN');
    const archive = await ArchiveWriter.create(join(request.folder, `${request.bundle}.tgz`), {
      time: new Date(request.now),
      level: 6,
      signal,
    });
    try {
      return await fill(archive, database, request, tell);
    } catch (thrown) {
      await archive.abandon();
      throw signal.aborted ? new Problem('cancelled', 'The export was cancelled.') : thrown;
    }
  } finally {
    database.close();
  }
}

async function fill(
  archive: ArchiveWriter,
  database: Connection,
  request: BundleRequest,
  tell: (progress: Progress) => void,
): Promise<BundleMade> {
  const { from, to } = request;
  const key = parseVerifierKey(request.key);
  const checkpoint = noteSignedBy(request.checkpoint, key);
  const { origin, size } = parseCheckpoint(checkpoint);
  if (from > to || to >= size) {
    throw new Problem(
      'invalid_input',
      `The checkpoint at ${size} does not cover the events ${from} to ${to}.`,
    );
  }
  const contents = new BundleContents(database, { from, to }, new Withholding(request.withhold));
  const [data, blobs] = [counted((count) => contents.data(count)), counted((count) => contents.blobs(count))];
  const folder = bundleName(origin, from, to);
  const phases = ['proof', 'events', 'data', 'blobs', 'files'];
  const phase = (name: string) => tell({ phase: name, done: phases.indexOf(name), total: phases.length });
  const events = to - from + 1;
  const commentary = {
    about: 'Unsigned commentary. What counts is in the other files; verify.mjs does not read this one.',
    format: formatVersion,
    log: origin,
    from,
    to,
    events,
    data,
    blobs,
    withheld: request.withhold,
    made: new Date(request.now).toISOString(),
    madeBy: `Holdfast ${request.version}`,
  };
  for (const name of ['CHECK-BY-HAND.md', 'verify.mjs']) {
    await archive.text(`${folder}/${name}`, await readFile(join(resources, name)));
  }
  await archive.text(`${folder}/bundle.json`, `${JSON.stringify(commentary, null, 2)}\n`);
  await archive.text(`${folder}/checkpoint`, checkpoint);
  await archive.text(`${folder}/key`, `${key.text}\n`);
  await archive.text(`${folder}/key.pem`, key.key.export({ format: 'pem', type: 'spki' }).toString());
  phase('proof');
  await archive.lines(`${folder}/proof.txt`, () => proofLines([{ from, to }], size, subtreesOf(database)));
  phase('events');
  await archive.lines(`${folder}/events.txt`, () => contents.headers());
  phase('data');
  await archive.lines(`${folder}/data.txt`, () => contents.data());
  phase('blobs');
  await archive.lines(`${folder}/blobs.txt`, () => contents.blobs());
  phase('files');
  for (const file of contents.files()) await archive.text(`${folder}/blobs/${file}`, contents.file(file));
  const made = await archive.finish();
  return {
    bundle: request.bundle,
    name: `${folder}.tgz`,
    ...made,
    events,
    withheld: data.withheld + blobs.withheld,
  };
}

function counted(lines: (count: PayloadCount) => Iterable<string>): PayloadCount {
  const count: PayloadCount = { present: 0, withheld: 0, erased: 0, pruned: 0 };
  const all = lines(count)[Symbol.iterator]();
  while (!all.next().done);
  return count;
}
