import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { placeText } from './placed-text.ts';
import type { ReadText } from './read-fields.ts';

/** Of one file. */
export const mostDeclaredBytes = 262_144;
const mostFiles = 500;
const ending = /\.ya?ml$/;

export interface DeclaredFile<T> {
  /** What the file says, or its own where it says none. */
  readonly name: string;
  readonly file: string;
  readonly origin: 'bundled' | 'yours';
  readonly text: string;
  readonly read: ReadText<T>;
}

/** How the files of a folder are read. */
export interface Declares<T> {
  readonly read: (text: string, file: string) => ReadText<T>;
  readonly isName: (text: string) => boolean;
  /** What was read last, for as long as there is memory for it: a text that is the same is not read twice. */
  readonly known?: Map<string, WeakRef<DeclaredFile<T>>>;
}

/** Every file of a folder that declares something by a name. A file that cannot be read is one with a problem, never one that hides the rest. */
export async function readDeclared<T>(
  folder: string,
  origin: 'bundled' | 'yours',
  declares: Declares<T>,
): Promise<DeclaredFile<T>[]> {
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => ending.test(name) && !name.startsWith('.'));
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw failure;
  }
  const files = await Promise.all(
    names
      .toSorted()
      .slice(0, mostFiles)
      .map((name) => readOne(join(folder, name), name.replace(ending, ''), origin, declares)),
  );
  return refuseDoubles(files);
}

async function readOne<T>(
  file: string,
  stem: string,
  origin: 'bundled' | 'yours',
  declares: Declares<T>,
): Promise<DeclaredFile<T>> {
  const broken = (message: string): DeclaredFile<T> => {
    const placed = placeText('');
    const read = { value: null, problems: [placed.at([], message)], placed };
    return { name: stem, file, origin, text: '', read };
  };
  try {
    const facts = await stat(file);
    if (!facts.isFile()) return broken('It is no file.');
    if (facts.size > mostDeclaredBytes) {
      return broken(`It is larger than ${mostDeclaredBytes.toLocaleString('en')} bytes.`);
    }
    const bytes = await readFile(file);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const known = declares.known?.get(file)?.deref();
    if (known?.text === text) return known;
    const read = declares.read(text, file);
    const said = (read.placed.value as { name?: unknown } | null)?.name;
    const name = typeof said === 'string' && declares.isName(said) ? said : stem;
    const declared = { name, file, origin, text, read };
    declares.known?.set(file, new WeakRef(declared));
    return declared;
  } catch (failure) {
    if (failure instanceof TypeError) return broken('It is not written in UTF-8.');
    return broken(`It cannot be read: ${(failure as Error).message}.`);
  }
}

/** Where two files declare the same name, the first one has it and the other says so. */
function refuseDoubles<T>(files: DeclaredFile<T>[]): DeclaredFile<T>[] {
  const first = new Map<string, DeclaredFile<T>>();
  return files.map((each) => {
    const before = first.get(each.name);
    if (!before) {
      first.set(each.name, each);
      return each;
    }
    const problem = each.read.placed.at(['name'], `“${each.name}” is declared in ${before.file} already.`);
    return { ...each, read: { ...each.read, value: null, problems: [problem] } };
  });
}
