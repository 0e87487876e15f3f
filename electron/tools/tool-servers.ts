import { join } from 'node:path';
import { Problem } from '../../shared/problem.ts';
import type { ToolServer, ToolServerPage, ToolServerRow } from '../../shared/tool-server.ts';
import { watchSaid } from '../base/folder-watch.ts';
import type { PlacedProblem } from '../base/placed-text.ts';
import { composeServer, type FieldChange, readServer } from './servers/compose-server.ts';
import { type ForeignFile, readForeign } from './servers/foreign-forms.ts';
import { type DeclaredServer, ServerFile } from './servers/server-file.ts';

export interface ToolServersNeeds {
  /** Holdfast’s folder among the person’s configuration. */
  readonly configuration: string;
}

/** Servers of tools that others wrote: their declarations, and what is at work of them. */
export class ToolServers {
  readonly #configuration: string;
  readonly #file: ServerFile;

  constructor({ configuration }: ToolServersNeeds) {
    this.#configuration = configuration;
    this.#file = new ServerFile(join(configuration, 'mcp.yaml'));
  }

  async list(): Promise<ToolServerRow[]> {
    return (await this.#file.all()).map(rowOf);
  }

  /** All of them, and again whenever one of them changes. */
  watch(signal: AbortSignal): AsyncGenerator<ToolServerRow[], void> {
    return watchSaid(this.#configuration, () => this.list(), signal);
  }

  async page(name: string): Promise<ToolServerPage> {
    const declared = await this.#declared(name);
    return {
      row: rowOf(declared),
      text: declared.text,
      instructions: null,
      version: null,
      protocol: null,
      tools: [],
      resources: [],
      prompts: [],
      layers: [],
      said: [],
    };
  }

  compose(
    text: string,
    set: readonly FieldChange[],
  ): { text: string; server: ToolServer | null; problems: PlacedProblem[] } {
    const composed = composeServer(text, set);
    const { value, problems } = readServer(composed);
    return { text: composed, server: value, problems: [...problems] };
  }

  async save(name: string, text: string): Promise<ToolServerPage> {
    await this.#file.save(name, text);
    return this.page(name);
  }

  async remove(name: string): Promise<void> {
    await this.#declared(name);
    await this.#file.remove(name);
  }

  read(text: string): ForeignFile {
    return readForeign(text);
  }

  async #declared(name: string): Promise<DeclaredServer> {
    const all = await this.#file.all();
    const found = all.find((each) => each.name === name);
    if (found) return found;
    const names = all.map((each) => each.name).join(', ');
    throw new Problem(
      'not_found',
      `There is no server “${name}”.`,
      names === '' ? 'Add one with `holdfast mcp servers add`.' : `There are ${names}.`,
    );
  }
}

function rowOf({ name, value, problem }: DeclaredServer): ToolServerRow {
  const mend = problem === null ? null : 'Mend it in mcp.yaml.';
  const row = { name, problem, mend, tools: null, changed: 0, since: null };
  if (!value) return { ...row, kind: null, at: '', state: 'broken' };
  const { transport, enabled } = value;
  const at = transport.kind === 'stdio' ? transport.command.join(' ') : transport.url;
  return { ...row, kind: transport.kind, at, state: enabled ? 'idle' : 'off' };
}
