import { createHash } from 'node:crypto';
import { access, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { type Agent, agentNameSchema, type Declaration, declarationSchema } from '../../shared/agent.ts';
import type { AgentCommand, PresetName } from '../../shared/command-agent.ts';
import type { AgentEntry, CheckedDeclaration, DeclarationProblem } from '../../shared/contract/agents.ts';
import type { PresetLook } from '../../shared/preset.ts';
import { Problem } from '../../shared/problem.ts';
import { type DeclaredFile, type Declares, mostDeclaredBytes, readDeclared } from '../base/declared-files.ts';
import { watchSaid } from '../base/folder-watch.ts';
import { makePrivateFolder, writePrivateFile } from '../base/private-files.ts';
import { rightsInWords } from './capabilities-of.ts';
import { CommandPresets } from './command-presets.ts';
import { homeFileFor, withHomeFile } from './commands/home-file.ts';
import { composeText } from './declarations/compose.ts';
import { joinDeclarations } from './declarations/join-declarations.ts';
import { type ReadDeclaration, readDeclaration } from './declarations/read-declaration.ts';
import { findPresets } from './preset-finding.ts';
import type { PresetRecipe } from './preset-recipe.ts';
import { withProgram } from './presets/host-program.ts';
import { type WorkCommand, type WorkGiven, workCommand } from './work-command.ts';
import type { PreparedInput } from './work-input.ts';

type AgentFile = DeclaredFile<Declaration>;

export interface AgentPlaces {
  readonly bundled: string;
  /** The person’s own. */
  readonly own: string;
  /** The person’s; where nothing is said, that of whoever runs this. */
  readonly home?: string;
  /** What is known of command-line agents; where nothing is said, what comes with Holdfast. */
  readonly presets?: string;
  /** Where programs of this machine are looked for. */
  readonly searchPath?: string | undefined;
  /** Names of the stored secrets. */
  readonly secrets?: () => readonly string[];
  /** What this process was told, for what programs of the person's are told by it. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/**
 * Agents, as their files declare them. Nothing is kept in memory: a file counts as it lies there when somebody
 * asks. The person’s files stand in the place of bundled ones of the same name, and may extend them.
 */
export class Agents {
  readonly #places: AgentPlaces;

  readonly #declares: Declares<Declaration>;

  readonly #presets: CommandPresets;

  constructor(places: AgentPlaces) {
    this.#places = places;
    this.#presets = new CommandPresets(places.presets ?? join(places.bundled, '../presets'));
    this.#declares = {
      read: (text, file) => this.#read(text, dirname(file)),
      isName: (text) => agentNameSchema.safeParse(text).success,
      known: new Map(),
    };
  }

  async list(): Promise<AgentEntry[]> {
    const files = await this.#files();
    return shown(files).map((file) => entryOf(file, files, this.#presets));
  }

  async entry(name: string): Promise<AgentEntry & { text: string; hash: string }> {
    const files = await this.#files();
    const file = found(files, name);
    return { ...entryOf(file, files, this.#presets), text: file.text, hash: hashOf(file.text) };
  }

  /** An agent to work with; a `Problem` with the place where its file is broken. */
  async get(name: string): Promise<Agent> {
    const files = await this.#files();
    return agentOf(entryOf(found(files, name), files, this.#presets));
  }

  /** A declaration that is in no file: a child that an agent describes. */
  async fromValue(declaration: unknown): Promise<Agent> {
    const text = stringify(declaration);
    if (Buffer.byteLength(text) > mostDeclaredBytes) {
      throw new Problem('too_large', `The declaration has more than ${mostDeclaredBytes} bytes.`);
    }
    return agentOf({ ...(await this.check(text)), file: 'the declaration' });
  }

  /** What is run in the sandbox of a command agent for an input, and what the sandbox needs for it. */
  async commandLine(
    agent: Agent & { readonly command: AgentCommand },
    input: PreparedInput,
    given: WorkGiven = {},
  ): Promise<WorkCommand> {
    const preset = this.#presets.of(agent.command.preset ?? 'script');
    const line = workCommand(agent, preset, input, given);
    const placed =
      agent.sandbox.kind === 'container' ? line : await withProgram(line, preset, this.#searchPath);
    return withHomeFile(placed, homeFileFor(agent, preset, given.gateway ?? null));
  }

  /** Which command-line agents are on this machine, and what each of them lacks. */
  presets(): Promise<PresetLook[]> {
    const { home = homedir(), secrets = () => [] } = this.#places;
    return findPresets({ presets: this.#presets, home, searchPath: this.#searchPath, secrets });
  }

  /** How the program of a preset comes into an image. */
  async recipe(preset: PresetName): Promise<PresetRecipe> {
    const { home = homedir(), environment = {} } = this.#places;
    const { presetRecipe } = await import('./preset-recipe.ts');
    return presetRecipe(preset, { presets: this.#presets, home, searchPath: this.#searchPath, environment });
  }

  /** Whether what an agent runs is the program of its preset. */
  runsPreset({ preset, argv }: Pick<AgentCommand, 'preset' | 'argv'>): boolean {
    const { program, package: name } = this.#presets.of(preset ?? 'script');
    return name !== undefined && program !== undefined && argv[0] === program;
  }

  get #searchPath(): string | undefined {
    return this.#places.searchPath;
  }

  async check(text: string): Promise<CheckedDeclaration> {
    return checked(this.#read(text), await this.#files(), this.#presets);
  }

  async compose(
    text: string,
    set: Readonly<Record<string, unknown>>,
  ): Promise<CheckedDeclaration & { text: string }> {
    const composed = composeText(text, set);
    return { ...(await this.check(composed)), text: composed };
  }

  /** Writes a file of the person’s. A broken text may be saved: it disables nobody but itself. */
  async save(name: string, text: string, before: string | null): Promise<AgentEntry> {
    const said = (this.#read(text).placed.value as { name?: unknown } | null)?.name;
    if (said !== name) {
      throw new Problem(
        'invalid_input',
        `The text does not declare “${name}”.`,
        `Let it say “name: ${name}”.`,
      );
    }
    const files = await readDeclared(this.#places.own, 'yours', this.#declares);
    const present = files.find((file) => file.name === name);
    refuseStale(name, present, before);
    await makePrivateFolder(this.#places.own);
    const file = present?.file ?? (await this.#freeFile(name));
    await writePrivateFile(file, text);
    return this.entryOnly(name);
  }

  async remove(name: string, before: string): Promise<void> {
    const file = found(await this.#files(), name);
    if (file.origin === 'bundled') {
      throw new Problem(
        'forbidden',
        `“${name}” comes with Holdfast and stays.`,
        'Save one of your own under its name.',
      );
    }
    refuseStale(name, file, before);
    await rm(file.file);
  }

  async entryOnly(name: string): Promise<AgentEntry> {
    const files = await this.#files();
    return entryOf(found(files, name), files, this.#presets);
  }

  /** Every agent, and all again whenever a file of the person’s changes. */
  watch(signal: AbortSignal): AsyncGenerator<AgentEntry[], void> {
    return watchSaid(this.#places.own, () => this.list(), signal);
  }

  schema(): Record<string, z.core.util.JSONType> {
    const schema = z.toJSONSchema(declarationSchema, { io: 'input' });
    return { title: 'An agent of Holdfast', ...(schema as Record<string, z.core.util.JSONType>) };
  }

  #read(text: string, folder = this.#places.own): ReadDeclaration {
    const home = this.#places.home ?? homedir();
    return readDeclaration(text, { folder, home, presets: this.#presets });
  }

  async #files(): Promise<AgentFile[]> {
    const [own, bundled] = await Promise.all([
      readDeclared(this.#places.own, 'yours', this.#declares),
      readDeclared(this.#places.bundled, 'bundled', this.#declares),
    ]);
    return [...own, ...bundled];
  }

  async #freeFile(name: string): Promise<string> {
    const file = join(this.#places.own, `${name}.yaml`);
    const taken = await access(file).then(
      () => true,
      () => false,
    );
    if (!taken) return file;
    throw new Problem('conflict', `${file} declares another agent.`, 'Rename that file, or the agent in it.');
  }
}

/** Bundled agents that one of the person’s stands in for are not shown. */
function shown(files: readonly AgentFile[]): AgentFile[] {
  const own = new Set(files.filter(({ origin }) => origin === 'yours').map(({ name }) => name));
  return files
    .filter(({ origin, name }) => origin === 'yours' || !own.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function found(files: readonly AgentFile[], name: string): AgentFile {
  const file = files.find((each) => each.name === name);
  if (file) return file;
  const names = [...new Set(files.map((each) => each.name))].toSorted().join(', ');
  throw new Problem('not_found', `There is no agent “${name}”.`, `There are ${names}.`);
}

function entryOf(file: AgentFile, files: readonly AgentFile[], presets: CommandPresets): AgentEntry {
  const { name, origin } = file;
  const hides = origin === 'yours' && files.some((each) => each.origin === 'bundled' && each.name === name);
  return { name, origin, file: file.file, hides, ...checked(file.read, files, presets) };
}

function checked(
  read: ReadDeclaration,
  files: readonly AgentFile[],
  presets: CommandPresets,
): CheckedDeclaration {
  const { agent, problems } = joinDeclarations(
    read,
    (name, chain) =>
      // Under its own name a file extends the bundled one that it stands in for.
      files.find((each) => each.name === name && !(each.origin === 'yours' && isOwn(each, read, chain)))
        ?.read,
    presets,
  );
  return { problems: [...problems], agent, rights: agent ? rightsInWords(agent) : [] };
}

function isOwn(file: AgentFile, read: ReadDeclaration, chain: readonly ReadDeclaration[]): boolean {
  const [last] = chain.slice(-1);
  return last === read && file.name === read.value?.name;
}

function agentOf({ agent, problems, file }: CheckedDeclaration & { file: string }): Agent {
  if (agent) return agent;
  throw new Problem(
    'invalid_input',
    `${file} declares no agent that could work: ${problemLine(problems[0])}`,
    'Mend its file: `holdfast agents validate FILE` lists what is wrong.',
  );
}

export function problemLine(problem: DeclarationProblem | undefined): string {
  if (!problem) return 'it is empty.';
  const { line, column, field, message } = problem;
  return `line ${line}, column ${column}${field ? `, ${field}` : ''}: ${message}`;
}

function refuseStale(name: string, present: AgentFile | undefined, before: string | null): void {
  const now = present ? hashOf(present.text) : null;
  if (now === before) return;
  throw new Problem(
    'conflict',
    before === null
      ? `There is a file of “${name}” already.`
      : `The file of “${name}” was changed meanwhile.`,
    'Look at it as it is now, and change that.',
  );
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
