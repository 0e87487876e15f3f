import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportPreview, PreviewWish, Withhold } from '../../shared/contract/record.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import { type Connection, openForReading } from '../store/database.ts';
import { ArchiveWriter } from './bundle/archive.ts';
import { type BundleTarget, FolderWriter } from './bundle/folder-writer.ts';
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
  /** Where the bundle is written: as `<bundle id>.tgz`, or its files. */
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
  const { bundle, now } = request;
  const proven = provenBy(request);
  await mkdir(request.folder, { recursive: true, mode: 0o700 });
  const archive = await ArchiveWriter.create(join(request.folder, `${bundle}.tgz`), {
    within: proven.name,
    time: new Date(now),
    level: 6,
    signal,
  });
  try {
    const counts = await fromSnapshot(request, (database) => fill(archive, database, request, proven, tell));
    return { bundle, name: `${proven.name}.tgz`, ...(await archive.finish()), ...counts };
  } catch (thrown) {
    await archive.abandon();
    throw signal.aborted ? new Problem('cancelled', 'The export was cancelled.') : thrown;
  }
}

/** The same, as files in a folder that is there and empty. Whoever gave it removes what a failure leaves. */
export async function exportInto(
  request: Omit<BundleRequest, 'bundle'>,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<null> {
  const proven = provenBy(request);
  const files = new FolderWriter(request.folder, signal);
  await fromSnapshot(request, (database) => fill(files, database, request, proven, tell));
  return null;
}

async function fromSnapshot<Result>(
  { path }: { path: string },
  write: (database: Connection) => Promise<Result>,
): Promise<Result> {
  const database = openForReading(path);
  try {
    database.exec('BEGIN');
    return await write(database);
  } finally {
    database.close();
  }
}

/** By what the events are proven, and what their bundle is called. */
interface Proven {
  readonly key: VerifierKey;
  readonly checkpoint: string;
  readonly origin: string;
  readonly size: number;
  readonly name: string;
}

function provenBy({ from, to, ...request }: Omit<BundleRequest, 'bundle'>): Proven {
  const key = parseVerifierKey(request.key);
  const checkpoint = noteSignedBy(request.checkpoint, key);
  const { origin, size } = parseCheckpoint(checkpoint);
  if (from > to || to >= size) {
    throw new Problem(
      'invalid_input',
      `The checkpoint at ${size} does not cover the events ${from} to ${to}.`,
    );
  }
  return { key, checkpoint, origin, size, name: bundleName(origin, from, to) };
}

async function fill(
  target: BundleTarget,
  database: Connection,
  request: Omit<BundleRequest, 'bundle'>,
  { key, checkpoint, origin, size }: Proven,
  tell: (progress: Progress) => void,
): Promise<Pick<BundleMade, 'events' | 'withheld'>> {
  const { from, to } = request;
  const contents = new BundleContents(database, { from, to }, new Withholding(request.withhold));
  const [data, blobs] = [counted((count) => contents.data(count)), counted((count) => contents.blobs(count))];
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
    await target.text(name, await readFile(join(resources, name)));
  }
  await target.text('bundle.json', `${JSON.stringify(commentary, null, 2)}\n`);
  await target.text('checkpoint', checkpoint);
  await target.text('key', `${key.text}\n`);
  await target.text('key.pem', key.key.export({ format: 'pem', type: 'spki' }).toString());
  phase('proof');
  await target.lines('proof.txt', () => proofLines([{ from, to }], size, subtreesOf(database)));
  phase('events');
  await target.lines('events.txt', () => contents.headers());
  phase('data');
  await target.lines('data.txt', () => contents.data());
  phase('blobs');
  await target.lines('blobs.txt', () => contents.blobs());
  phase('files');
  for (const file of contents.files()) await target.text(`blobs/${file}`, contents.file(file));
  return { events, withheld: data.withheld + blobs.withheld };
}

function counted(lines: (count: PayloadCount) => Iterable<string>): PayloadCount {
  const count: PayloadCount = { present: 0, withheld: 0, erased: 0, pruned: 0 };
  const all = lines(count)[Symbol.iterator]();
  while (!all.next().done);
  return count;
}
