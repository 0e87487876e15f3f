import type { Tool } from '../tool.ts';
import type { Accepted, Acceptances } from './acceptances.ts';
import { extraTools } from './extra-tools.ts';
import type { AskServer } from './extra-tools.ts';
import type { DeclaredServer } from './server-file.ts';
import { type CallServer, serverTool } from './server-tool.ts';

/** Tools of servers as agents may be offered them: those that were accepted, of servers that are declared. */
export class ServedTools {
  readonly #acceptances: Acceptances;
  readonly #call: CallServer;
  readonly #ask: AskServer;
  #tools: readonly Tool[] = [];
  /** Each is made once for one acceptance under one declaration. */
  #made = new Map<string, Promise<Tool | null>>();

  constructor(acceptances: Acceptances, call: CallServer, ask: AskServer) {
    this.#acceptances = acceptances;
    this.#call = call;
    this.#ask = ask;
  }

  /** As they were made ready last. */
  now(): readonly Tool[] {
    return this.#tools;
  }

  async ready(servers: readonly DeclaredServer[], changed: (accepted: Accepted) => boolean): Promise<void> {
    const declared = new Map(
      servers.flatMap(({ name, value }) => (value?.enabled ? [[name, value] as const] : [])),
    );
    const made = new Map<string, Promise<Tool | null>>();
    const of: Promise<Tool | null>[] = [];
    for (const accepted of this.#acceptances.all()) {
      const server = declared.get(accepted.server);
      if (!server || changed(accepted)) continue;
      const { usual, tools, transport } = server;
      const key = JSON.stringify([accepted.server, accepted.digest, usual, tools, transport.kind]);
      const tool = this.#made.get(key) ?? serverTool(accepted, server, this.#call);
      made.set(key, tool);
      of.push(tool);
    }
    this.#made = made;
    const ready = (await Promise.all(of)).filter((tool) => tool !== null);
    this.#tools = [...ready, ...[...declared].flatMap(([name, server]) => this.#extra(name, server))];
  }

  #extra(name: string, server: Parameters<typeof extraTools>[1]): readonly Tool[] {
    return extraTools(name, server, this.#ask);
  }
}
