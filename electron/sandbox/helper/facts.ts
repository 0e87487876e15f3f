import type { FileFacts, TreeEntry } from '../files.ts';
import { Breach } from './breach.ts';
import { PayloadReader } from './payload-reader.ts';
import { protocol } from './protocol.ts';

const types = new Map<number, FileFacts['type']>([
  [protocol.FACTS_FILE, 'file'],
  [protocol.FACTS_FOLDER, 'folder'],
  [protocol.FACTS_LINK, 'link'],
  [protocol.FACTS_OTHER, 'other'],
]);

const overlays = new Map<number, TreeEntry['overlay']>([
  [protocol.OVERLAY_NONE, 'none'],
  [protocol.OVERLAY_WHITEOUT, 'whiteout'],
  [protocol.OVERLAY_OPAQUE, 'opaque'],
]);

export function readFacts(from: PayloadReader): FileFacts {
  const type = types.get(from.u8());
  if (type === undefined) throw new Breach('a kind of file that cannot be');
  return {
    type,
    mode: from.u32(),
    size: Number(from.u64()),
    mtimeNs: from.i64(),
    ctimeNs: from.i64(),
    device: from.u64(),
    inode: from.u64(),
    links: from.u32(),
  };
}

/** A name as a folder holds it: anything but a slash, a NUL and the two that mean folders themselves. */
export function readName(from: PayloadReader): Buffer {
  const name = from.bytes();
  if (name.length === 0 || name.length > 255 || name.includes(0) || name.includes(0x2f))
    throw new Breach('a name that cannot be');
  if (name.equals(dot) || name.equals(dots)) throw new Breach('a name that cannot be');
  return name;
}

const dot = Buffer.from('.');
const dots = Buffer.from('..');

/** Nothing that the helper says may lead out of the folder that was asked for. */
function checkedPath(path: Buffer): Buffer {
  if (path.length === 0 || path.length > 65_536 || path.includes(0))
    throw new Breach('a path that cannot be');
  for (let from = 0; from <= path.length;) {
    const slash = path.indexOf(0x2f, from);
    const name = path.subarray(from, slash < 0 ? path.length : slash);
    if (name.length === 0 || name.equals(dot) || name.equals(dots)) throw new Breach('a path that leads out');
    from = slash < 0 ? path.length + 1 : slash + 1;
  }
  return path;
}

export function readTreeEntry(payload: Buffer): TreeEntry {
  const from = new PayloadReader(payload);
  const facts = readFacts(from);
  const overlay = overlays.get(from.u8());
  const copiedUp = from.u8() === 1;
  const path = checkedPath(from.bytes());
  const target = from.bytes();
  from.end();
  if (overlay === undefined || (target.length > 0 && facts.type !== 'link') || target.includes(0))
    throw new Breach('an entry that cannot be');
  return { path, facts, target: facts.type === 'link' ? target : null, overlay, copiedUp };
}
