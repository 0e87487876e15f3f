import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { agentNameSchema } from '../../../shared/agent.ts';
import { placeText } from './placed-text.ts';
import { type ReadDeclaration, readDeclaration } from './read-declaration.ts';

export const mostDeclarationBytes = 262_144;
const mostFiles = 500;
const ending = /\.ya?ml$/;

export interface AgentFile {
  readonly name: string;
  readonly file: string;
  readonly origin: 'bundled' | 'yours';
  readonly text: string;
  readonly read: ReadDeclaration;
}

/** Every declaration of a folder. A file that cannot be read is one with a problem, never one that hides the rest. */
export async function readAgentFolder(folder: string, origin: AgentFile['origin']): Promise<AgentFile[]> {
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
      .map((name) => readAgentFile(join(folder, name), name.replace(ending, ''), origin)),
  );
  return refuseDoubles(files);
}

async function readAgentFile(file: string, stem: string, origin: AgentFile['origin']): Promise<AgentFile> {
  const broken = (message: string): AgentFile => {
    const placed = placeText('');
    const read = { declaration: null, problems: [placed.at([], message)], placed };
    return { name: stem, file, origin, text: '', read };
  };
  try {
    const facts = await stat(file);
    if (!facts.isFile()) return broken('It is no file.');
    if (facts.size > mostDeclarationBytes) {
      return broken(`It is larger than ${mostDeclarationBytes.toLocaleString('en')} bytes.`);
    }
    const bytes = await readFile(file);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const read = readDeclaration(text);
    const said = (read.placed.value as { name?: unknown } | null)?.name;
    const name = agentNameSchema.safeParse(said).success ? (said as string) : stem;
    return { name, file, origin, text, read };
  } catch (failure) {
    if (failure instanceof TypeError) return broken('It is not written in UTF-8.');
    return broken(`It cannot be read: ${(failure as Error).message}.`);
  }
}

/** Where two files declare the same name, the first one has it and the other says so. */
function refuseDoubles(files: AgentFile[]): AgentFile[] {
  const first = new Map<string, AgentFile>();
  return files.map((each) => {
    const before = first.get(each.name);
    if (!before) {
      first.set(each.name, each);
      return each;
    }
    const problem = each.read.placed.at(['name'], `“${each.name}” is declared in ${before.file} already.`);
    return { ...each, read: { ...each.read, declaration: null, problems: [problem] } };
  });
}
