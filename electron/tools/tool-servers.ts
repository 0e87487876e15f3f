import { join } from 'node:path';
import type { Actor } from '../../shared/events/event.ts';
import type { Id } from '../../shared/ids.ts';
import { Problem } from '../../shared/problem.ts';
import type { ToolServer, ToolServerPage, ToolServerRow } from '../../shared/tool-server.ts';
import { watchSaid } from '../base/folder-watch.ts';
import { Owner } from '../base/owner.ts';
import type { PlacedProblem } from '../base/placed-text.ts';
import { woken } from '../base/waking.ts';
import { serverLives } from './server-rows.ts';
import { Acceptances } from './servers/acceptances.ts';
import { composeServer, type FieldChange, readServer } from './servers/compose-server.ts';
import { type ForeignFile, readForeign } from './servers/foreign-forms.ts';
import { LiveServer } from './servers/live-server.ts';
import { resultOf } from './servers/result-parts.ts';
import { ServedTools } from './servers/served-tools.ts';
import { type DeclaredServer, ServerFile } from './servers/server-file.ts';
import type { ServerNeeds } from './servers/server-needs.ts';
import { pageOf, rowOf } from './servers/server-page.ts';
import type { CallServer } from './servers/server-tool.ts';
import { beginSignIn } from './servers/signing/begin-sign-in.ts';
import type { BrowserSignIn } from './servers/signing/browser-sign-in.ts';
import { KeptSignIn } from './servers/signing/kept-sign-in.ts';
import { placeOfServer } from './servers/server-values.ts';
import type { Tool, ToolResult } from './tool.ts';
import { tried } from './trial.ts';

export interface ToolServersNeeds extends ServerNeeds {
  /** Holdfast’s folder among the person’s configuration. */
  readonly configuration: string;
}

const system = { kind: 'system' } as const;

/** Servers of tools that others wrote: their declarations, what is at work of them, and what agents are offered. */
export class ToolServers {
  readonly #needs: ToolServersNeeds;
  readonly #file: ServerFile;
  readonly #live = new Map<string, { declared: string; live: LiveServer }>();
  readonly #acceptances: Acceptances;
  readonly #served: ServedTools;
  readonly #changes = new Set<() => void>();
  readonly #signIns = new Map<string, BrowserSignIn>();
  readonly #owner = new Owner();

  private constructor(needs: ToolServersNeeds) {
    this.#needs = needs;
    this.#file = new ServerFile(join(needs.configuration, 'mcp.yaml'));
    this.#acceptances = new Acceptances(needs.record);
    this.#served = new ServedTools(
      this.#acceptances,
      (...asked) => this.#call(...asked),
      async (server, work, signal) => {
        const live = this.#liveOf(await this.#declared(server));
        return live.use((connection) => connection.ask(work, signal), signal);
      },
    );
  }

  /** With what a killed life left of them taken away. */
  static async open(needs: ToolServersNeeds): Promise<ToolServers> {
    const servers = new ToolServers(needs);
    const left = needs.record.rows(serverLives);
    if (left.length > 0) await forgetLives(needs, left);
    return servers;
  }

  async list(): Promise<ToolServerRow[]> {
    const all = await this.#all();
    return all.map((declared) => this.#row(declared));
  }

  /** All of them, and again whenever one of them changes. */
  async *watch(signal: AbortSignal): AsyncGenerator<ToolServerRow[], void> {
    const ended = new AbortController();
    const until = AbortSignal.any([signal, ended.signal]);
    const sleeper = { wake: (): void => undefined };
    let isNew = false;
    const tell = () => {
      isNew = true;
      sleeper.wake();
    };
    this.#changes.add(tell);
    const files = (async () => {
      const { configuration } = this.#needs;
      const read = () => this.#file.all();
      for await (const _ of watchSaid(configuration, read, until)) tell();
    })();
    files.catch(tell);
    try {
      let told = '';
      while (!until.aborted) {
        isNew = false;
        const rows = await this.list();
        const now = JSON.stringify(rows);
        if (now !== told) yield rows;
        told = now;
        if (!isNew && !until.aborted) await woken(sleeper, until);
      }
    } finally {
      this.#changes.delete(tell);
      ended.abort();
      await files.catch(() => undefined);
    }
  }

  async page(name: string): Promise<ToolServerPage> {
    const declared = await this.#declared(name);
    const live = declared.value && this.#liveOf(declared);
    return pageOf(this.#row(declared), declared, live ?? null, this.#acceptances.of(name));
  }

  compose(
    text: string,
    set: readonly FieldChange[],
  ): { text: string; server: ToolServer | null; problems: PlacedProblem[] } {
    const composed = composeServer(text, set);
    const { value, problems } = readServer(composed);
    return { text: composed, server: value, problems: [...problems] };
  }

  async save(name: string, text: string, by: Actor): Promise<ToolServerPage> {
    const { value } = readServer(text);
    if (value) {
      const data = { server: name, at: placeOfServer(value) };
      await this.#needs.record.append({ kind: 'tool_server.declared', actor: by, data });
    }
    await this.#file.save(name, text);
    this.#tell();
    return this.page(name);
  }

  async remove(name: string, by: Actor): Promise<void> {
    await this.#declared(name);
    await this.#needs.record.append({
      kind: 'tool_server.removed',
      actor: by,
      data: { server: name.slice(0, 32) },
    });
    await this.#file.remove(name);
    await this.#all();
    this.#tell();
  }

  read(text: string): ForeignFile {
    return readForeign(text);
  }

  async start(name: string): Promise<ToolServerPage> {
    const live = this.#usable(await this.#declared(name));
    await live.stop('a person starts it again');
    // Why it failed is on its page.
    await live.start().catch(() => undefined);
    return this.page(name);
  }

  async stop(name: string): Promise<ToolServerPage> {
    await this.#liveOf(await this.#declared(name)).stop('a person ended it');
    return this.page(name);
  }

  async accept(name: string, digests: readonly string[], by: Actor): Promise<ToolServerPage> {
    const live = this.#usable(await this.#declared(name));
    await live.use((connection) => (live.tools ? Promise.resolve() : live.look(connection)));
    await this.#acceptances.accept(name, live.tools ?? [], digests, by);
    this.#tell();
    return this.page(name);
  }

  /** Where the person signs in with a browser, which comes back by itself; one sign-in at a time. */
  async signIn(name: string, by: Actor): Promise<{ url: string }> {
    const live = this.#usable(await this.#declared(name));
    await this.#signIns.get(name)?.cancel();
    const signIn = await beginSignIn(this.#needs, live, async () => {
      await this.#needs.record.append({ kind: 'tool_server.signed_in', actor: by, data: { server: name } });
      await live.stop('a person has signed in');
      live.start().catch(() => undefined);
    });
    this.#signIns.set(name, signIn);
    return { url: signIn.url };
  }

  async signOut(name: string, by: Actor): Promise<ToolServerPage> {
    const live = this.#liveOf(await this.#declared(name));
    await this.#signIns.get(name)?.cancel();
    await new KeptSignIn(this.#needs.vault, name).forget();
    await this.#needs.record.append({ kind: 'tool_server.signed_out', actor: by, data: { server: name } });
    await live.stop('a person signed out');
    return this.page(name);
  }

  /** What a person tries, without an agent: also a tool that is not accepted yet. */
  async tryCall(
    name: string,
    tool: string,
    input: unknown,
    by: Actor,
    signal: AbortSignal,
  ): Promise<{ ok: boolean; text: string; milliseconds: number }> {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      throw new Problem(
        'invalid_input',
        'The arguments are no JSON object.',
        'Write them as in {"path":"x"}.',
      );
    }
    const declared = await this.#declared(name);
    const live = this.#usable(declared);
    const trial = { what: 'tool', with: `mcp.${name}.${tool}`.slice(0, 400) } as const;
    return tried(this.#needs.record, trial, by, async () => {
      const begun = performance.now();
      const answer = await live.use(
        (connection) => connection.call(tool, input as Record<string, unknown>, signal),
        signal,
      );
      const milliseconds = performance.now() - begun;
      const { ok, content } = resultOf(answer, live.server.mostBytes);
      const text = content.map((part) => (part.kind === 'text' ? part.text : '(a picture)')).join('\n');
      return { result: { ok, text, milliseconds }, problem: ok ? null : 'it says that it failed' };
    });
  }

  /** Reads what is declared and accepted now: `tools` tells of it until the next time. */
  async ready(): Promise<void> {
    const all = await this.#all();
    await this.#served.ready(all, ({ server, digest, told }) => {
      const tools = this.#live.get(server)?.live.tools;
      return tools ? tools.find(({ name }) => name === told.name)?.digest !== digest : false;
    });
  }

  tools(): readonly Tool[] {
    return this.#served.now();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#signIns.values()].map((signIn) => signIn.cancel()));
    await Promise.all([...this.#live.values()].map(({ live }) => live.close('Holdfast stops')));
    await this.#owner.close();
  }

  async #call(
    { server, tool, digest, input }: Parameters<CallServer>[0],
    signal: AbortSignal,
  ): Promise<ToolResult> {
    const live = this.#usable(await this.#declared(server));
    return live.use(async (connection) => {
      const now = live.tools?.find(({ name }) => name === tool);
      if (now?.digest !== digest) throw notAsAccepted(server, tool, now !== undefined);
      return resultOf(await connection.call(tool, input, signal), live.server.mostBytes);
    }, signal);
  }

  #usable(declared: DeclaredServer): LiveServer {
    const live = this.#liveOf(declared);
    if (live.server.enabled) return live;
    throw new Problem('conflict', `The server “${declared.name}” is switched off.`, 'Switch it on first.');
  }

  /** One that was declared otherwise before is ended, and another takes its place. */
  #liveOf({ name, value, problem }: DeclaredServer): LiveServer {
    if (!value) {
      throw new Problem(
        'invalid_input',
        `The server “${name}” cannot be read: ${problem}`,
        'Mend it in mcp.yaml.',
      );
    }
    const declared = JSON.stringify([value.enabled, value.transport, value.timeoutSeconds, value.mostBytes]);
    const known = this.#live.get(name);
    if (known?.declared === declared) return known.live;
    if (known) this.#leave(name, known.live);
    const live = new LiveServer(name, value, {
      ...this.#needs,
      changed: () => this.#tell(),
      found: (tools) => this.#acceptances.found(name, tools),
    });
    this.#live.set(name, { declared, live });
    return live;
  }

  #leave(name: string, live: LiveServer): void {
    this.#live.delete(name);
    const leaving = live.close('its declaration has changed');
    leaving.catch(() => undefined);
    this.#owner.own(() => leaving);
  }

  #row(declared: DeclaredServer): ToolServerRow {
    const live = declared.value ? this.#liveOf(declared) : null;
    return rowOf(declared, live, this.#acceptances.of(declared.name));
  }

  /** What is gone from the file ends. */
  async #all(): Promise<readonly DeclaredServer[]> {
    const all = await this.#file.all();
    for (const [name, { live }] of this.#live) {
      if (!all.some((each) => each.name === name && each.value)) this.#leave(name, live);
    }
    return all;
  }

  async #declared(name: string): Promise<DeclaredServer> {
    const all = await this.#all();
    const found = all.find((each) => each.name === name);
    if (found) return found;
    const names = all.map((each) => each.name).join(', ');
    throw new Problem(
      'not_found',
      `There is no server “${name}”.`,
      names === '' ? 'Add one with `holdfast mcp servers add`.' : `There are ${names}.`,
    );
  }

  #tell(): void {
    for (const tell of this.#changes) tell();
  }
}

function notAsAccepted(server: string, tool: string, isThere: boolean): Problem {
  const mend = `A person looks at it and accepts it: \`holdfast mcp servers accept ${server}\`.`;
  return isThere
    ? new Problem(
        'forbidden',
        `The server “${server}” tells something else of ${tool} than was accepted.`,
        mend,
      )
    : new Problem('not_found', `The server “${server}” has no tool ${tool} any more.`);
}

async function forgetLives(
  needs: ToolServersNeeds,
  left: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const containing = await needs.containing();
  for (const row of left) {
    const session = String(row['session']) as Id<'session'>;
    try {
      await containing.forget(session);
      const data = { server: String(row['server']), session, reason: 'Holdfast was killed while it ran' };
      await needs.record.append({ kind: 'tool_server.ended', actor: system, data });
    } catch (failure) {
      needs.log.warn({ err: failure, session }, 'what a server of tools left remains');
    }
  }
}
