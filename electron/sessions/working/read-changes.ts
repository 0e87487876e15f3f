import type { ChangedFile, MadeCommit } from './kept-work.ts';

const mostFiles = 200_000;
const longestPath = 8192;
const longestWords = 500;

/** Paths as people read them; which bytes are meant stands in the patch. */
const pathOf = (bytes: Buffer) => bytes.toString().slice(0, longestPath);

const link = '160000';

/** What git says of two trees, each name ended by a zero byte: what became of each file, and how many lines. */
export function readFiles(raw: Buffer, numbers: Buffer, fresh: Buffer): ChangedFile[] {
  const lines = new Map<string, { added: number | null; removed: number | null }>();
  for (const piece of pieces(numbers)) {
    const [, added = '-', removed = '-'] = /^(\d+|-)\t(\d+|-)\t/.exec(piece.toString('latin1')) ?? [];
    const path = piece.subarray(added.length + removed.length + 2).toString('latin1');
    const count = (text: string) => (text === '-' ? null : Number(text));
    lines.set(path, { added: count(added), removed: count(removed) });
  }
  const untracked = new Set(pieces(fresh).map((piece) => piece.toString('latin1')));
  const found: ChangedFile[] = [];
  const each = pieces(raw);
  for (let at = 0; at + 1 < each.length && found.length < mostFiles; at += 2) {
    const [, before = '', after = '', kind = ''] =
      /^:(\d{6}) (\d{6}) [0-9a-f]+ [0-9a-f]+ ([A-Z])/.exec(each[at]!.toString('latin1')) ?? [];
    const path = each[at + 1]!;
    const key = path.toString('latin1');
    const { added = null, removed = null } = lines.get(key) ?? {};
    const none = added === 0 && removed === 0 && before !== after && before !== link && after !== link;
    found.push({
      path: pathOf(path),
      kind: kind === 'A' ? 'added' : kind === 'D' ? 'removed' : none ? 'mode' : 'modified',
      untracked: untracked.has(key),
      added,
      removed,
    });
  }
  return found;
}

/** Ended by a zero byte each: its name, who, when and what. */
export function readCommits(log: Buffer): MadeCommit[] {
  return pieces(log).flatMap((piece) => {
    const [commit = '', author = '', seconds = '', subject = ''] = piece.toString().split('\n');
    if (!/^[0-9a-f]{40,64}$/.test(commit)) return [];
    return [
      {
        commit,
        author: author.slice(0, longestWords),
        time: momentOf(Number(seconds)),
        subject: subject.slice(0, longestWords),
      },
    ];
  });
}

/** Whoever commits says when, and may say anything. */
function momentOf(seconds: number): string {
  const isTime = Number.isFinite(seconds) && seconds >= 0 && seconds < 253_402_300_800;
  return new Date(isTime ? seconds * 1000 : 0).toISOString();
}

function pieces(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    found.push(bytes.subarray(at, end < 0 ? bytes.length : end));
    at = end < 0 ? bytes.length : end + 1;
  }
  return found;
}
