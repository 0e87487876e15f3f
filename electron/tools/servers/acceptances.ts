import type { Actor } from '../../../shared/events/event.ts';
import { Problem } from '../../../shared/problem.ts';
import type { AuditRecord } from '../../audit/record.ts';
import { acceptedOfServer, acceptedTools } from '../server-rows.ts';
import { type FoundTool, readTold, type ToldTool, writeTold } from './told-tool.ts';

export interface Accepted {
  readonly server: string;
  readonly digest: string;
  readonly told: ToldTool;
}

/** What a person has seen of servers’ tools and let be used: what is told otherwise later is not used. */
export class Acceptances {
  readonly #record: Pick<AuditRecord, 'append' | 'appendAll' | 'rows'>;
  /** Told already in this life. */
  readonly #told = new Set<string>();

  constructor(record: Pick<AuditRecord, 'append' | 'appendAll' | 'rows'>) {
    this.#record = record;
  }

  all(): Accepted[] {
    return this.#record.rows(acceptedTools).map((row) => ({
      server: String(row['server']),
      digest: String(row['digest']),
      told: readTold(String(row['told'])),
    }));
  }

  of(server: string): Map<string, Accepted> {
    const rows = this.#record.rows(acceptedOfServer, server);
    return new Map(
      rows.map((row) => {
        const told = readTold(String(row['told']));
        return [String(row['tool']), { server, digest: String(row['digest']), told }];
      }),
    );
  }

  /** By the digests that the person saw: what has changed since is not accepted with it. */
  async accept(
    server: string,
    tools: readonly FoundTool[],
    digests: readonly string[],
    by: Actor,
  ): Promise<void> {
    const seen = new Set(digests);
    const usable = tools.filter(({ digest, problem }) => seen.has(digest) && problem === null);
    const missing = digests.filter((digest) => !usable.some((tool) => tool.digest === digest));
    if (missing.length > 0) {
      throw new Problem(
        'conflict',
        'What the server tells of its tools is not what was seen any more.',
        'Look at its tools as they are now, and accept those.',
      );
    }
    await this.#record.appendAll(
      usable.map((tool) => ({
        kind: 'tool_server.accepted' as const,
        actor: by,
        data: { server, tool: tool.name, digest: tool.digest, told: writeTold(tool) },
      })),
    );
  }

  /** Tools that are not what was accepted: each change is told once. */
  async found(server: string, tools: readonly FoundTool[]): Promise<void> {
    const accepted = this.of(server);
    for (const { name, digest } of tools) {
      const before = accepted.get(name);
      if (!before || before.digest === digest) continue;
      const key = `${server} ${name} ${digest}`;
      if (this.#told.has(key)) continue;
      this.#told.add(key);
      await this.#record.append({
        kind: 'tool_server.changed',
        actor: { kind: 'system' },
        data: { server, tool: name.slice(0, 200), digest, accepted: before.digest },
      });
    }
  }
}
