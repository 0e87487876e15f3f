import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Document, isMap, parseDocument } from 'yaml';
import { Problem } from '../../../shared/problem.ts';
import { type ToolServer, toolServerNameSchema } from '../../../shared/tool-server.ts';
import { type PlacedProblem, type PlacedText, placeText } from '../../base/placed-text.ts';
import { makePrivateFolder, writePrivateFile } from '../../base/private-files.ts';
import { readServer } from './compose-server.ts';

/** One server, as the file has it. */
export interface DeclaredServer {
  readonly name: string;
  /** Its part of the file. */
  readonly text: string;
  /** Null where it cannot be read; `problem` says why. */
  readonly value: ToolServer | null;
  readonly problem: string | null;
}

const mostBytes = 1_000_000;
const mostServers = 200;

/** What stands for the file as a whole where nothing of it can be read. */
export const wholeFile = 'mcp.yaml';

/** The file that declares servers of tools. It counts as it lies there when somebody asks. */
export class ServerFile {
  readonly #file: string;
  /** One change after the other. */
  #changing: Promise<unknown> = Promise.resolve();
  /** As it was read last: it is read again when it is another file. */
  #read: { readonly state: string | null; readonly servers: readonly DeclaredServer[] } | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  get file(): string {
    return this.#file;
  }

  /** A server that cannot be read is one with a problem, never one that hides the others. */
  async all(): Promise<readonly DeclaredServer[]> {
    const state = await stat(this.#file, { bigint: true }).then(
      ({ ino, size, mtimeNs, ctimeNs }) => `${ino} ${size} ${mtimeNs} ${ctimeNs}`,
      () => null,
    );
    if (state === null || this.#read?.state !== state) this.#read = { state, servers: await this.#all() };
    return this.#read.servers;
  }

  async #all(): Promise<DeclaredServer[]> {
    const text = await this.#text().catch((thrown: unknown) => Problem.of(thrown));
    if (text instanceof Problem) return [broken(wholeFile, text.message)];
    const placed = placeText(text);
    const [first] = placed.problems;
    if (first) return [broken(wholeFile, placeLine(first))];
    return serversOf(text, placed);
  }

  async get(name: string): Promise<DeclaredServer | undefined> {
    return (await this.all()).find((each) => each.name === name);
  }

  /** Only what could be used is written: one mistake would be one of the file that all share. */
  async save(name: string, text: string): Promise<void> {
    const { problems } = readServer(text);
    const [problem] = problems;
    if (problem) {
      throw new Problem(
        'invalid_input',
        `“${name}” cannot be saved: ${placeLine(problem)}`,
        'Mend it there.',
      );
    }
    await this.#change((document) => {
      if (!isMap(document.get('servers'))) document.set('servers', document.createNode({}));
      document.setIn(['servers', name], parseDocument(text).contents);
    });
  }

  async remove(name: string): Promise<boolean> {
    let was = false;
    await this.#change((document) => {
      was = document.hasIn(['servers', name]);
      if (was) document.deleteIn(['servers', name]);
    });
    return was;
  }

  #change(change: (document: Document) => void): Promise<void> {
    const done = this.#changing.then(async () => {
      const text = await this.#text();
      const document: Document = parseDocument(text);
      const [error] = document.errors;
      if (error || (document.contents !== null && !isMap(document.contents))) {
        throw new Problem('conflict', `${this.#file} cannot be read.`, 'Mend that file first.');
      }
      change(document);
      await makePrivateFolder(dirname(this.#file));
      await writePrivateFile(this.#file, document.toString({ lineWidth: 0 }));
    });
    this.#changing = done.catch(() => undefined);
    return done;
  }

  async #text(): Promise<string> {
    let bytes: Buffer;
    try {
      bytes = await readFile(this.#file);
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw new Problem('storage_failed', `It cannot be read: ${(failure as Error).message}.`);
    }
    if (bytes.length > mostBytes) {
      throw new Problem('too_large', `It is larger than ${mostBytes.toLocaleString('en')} bytes.`);
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      throw new Problem('invalid_input', 'It is not written in UTF-8.');
    }
  }
}

function serversOf(text: string, placed: PlacedText): DeclaredServer[] {
  const whole = placed.value;
  if (whole === null || whole === undefined) return [];
  const servers = (whole as { servers?: unknown }).servers;
  const others = typeof whole === 'object' ? Object.keys(whole).filter((key) => key !== 'servers') : [];
  const [other] = others;
  const complaints = other
    ? [broken(wholeFile, placeLine(placed.at([other], `There is no field “${other}”: there is “servers”.`)))]
    : [];
  if (servers === undefined || servers === null) return complaints;
  if (typeof servers !== 'object' || Array.isArray(servers)) {
    return [broken(wholeFile, placeLine(placed.at(['servers'], 'It must be an object with fields.')))];
  }
  const document = parseDocument(text);
  const names = Object.keys(servers).slice(0, mostServers);
  return [...names.map((name) => one(name, document, placed)), ...complaints];
}

function one(name: string, document: Document, placed: PlacedText): DeclaredServer {
  const text = textOf(document.getIn(['servers', name], true));
  const named = toolServerNameSchema.safeParse(name);
  const [issue] = named.error?.issues ?? [];
  if (issue) {
    const problem = placeLine(placed.at(['servers', name], `A server’s name is ${issue.message}.`));
    return { name, text, value: null, problem };
  }
  const read = readServer(text);
  const [first] = read.problems;
  if (!first) return { name, text, value: read.value, problem: null };
  const path = ['servers', name, ...first.field.split('.').filter((part) => part !== '')];
  return {
    name,
    text,
    value: null,
    problem: placeLine({ ...placed.at(path, first.message), field: first.field }),
  };
}

function textOf(node: unknown): string {
  const alone = new Document();
  alone.contents = (node ?? null) as typeof alone.contents;
  return alone.toString({ lineWidth: 0 });
}

function broken(name: string, problem: string): DeclaredServer {
  return { name, text: '', value: null, problem };
}

export function placeLine({ line, column, field, message }: PlacedProblem): string {
  return `line ${line}, column ${column}${field ? `, ${field}` : ''}: ${message}`;
}
