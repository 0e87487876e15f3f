import { mostAttachmentBytes } from '../../../shared/attachment-limits.ts';

/** A file that a person gave, by its bytes: where it lies is nobody’s business. */
export interface GivenFile {
  readonly key: string;
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Null where it is no text, or more than anybody reads as a document. */
  readonly text: string | null;
}

export interface ReadFiles {
  readonly read: readonly GivenFile[];
  /** Why others are not among them, a sentence each. */
  readonly refused: readonly string[];
}

type Readable = Pick<File, 'name' | 'size' | 'arrayBuffer'>;

const mostLetters = 1_000_000;
let last = 0;

export async function readFiles(files: readonly Readable[]): Promise<ReadFiles> {
  const read: GivenFile[] = [];
  const refused: string[] = [];
  for (const file of files) {
    const { name } = file;
    if (file.size > mostAttachmentBytes) {
      refused.push(
        `${name} has more than ${mostAttachmentBytes / 2 ** 20} MiB: put it into the repository, or mount its folder.`,
      );
      continue;
    }
    // A folder that is dropped looks like a file until somebody reads it.
    const bytes = await file.arrayBuffer().then(
      (buffer) => new Uint8Array(buffer),
      () => null,
    );
    if (bytes) read.push({ key: `file-${++last}`, name, bytes, text: textOf(bytes) });
    else refused.push(`${name} cannot be read; a folder is mounted in the agent’s file.`);
  }
  return { read, refused };
}

function textOf(bytes: Uint8Array): string | null {
  if (bytes.length > mostLetters * 4) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.length > mostLetters || text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}
