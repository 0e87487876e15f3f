import type { Capability } from '../../../shared/capability.ts';
import { isPlain } from '../../../shared/capability/miswritten.ts';
import type { HostPattern } from '../../../shared/capability/host-pattern.ts';
import { writeHostPattern } from '../../../shared/capability/host-pattern.ts';
import type { Actor, Scope } from '../../../shared/events/event.ts';
import { writeCapability } from '../../../shared/capability/text.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Act, PathAct } from '../../capabilities/act.ts';
import type { CapabilityTokens, Holder } from '../../capabilities/capability-tokens.ts';
import { covers } from '../../capabilities/covering.ts';
import type { OpenPath, PathOpener } from '../../capabilities/open-path.ts';
import type { OpenFolder } from './granted-folders.ts';

/** What a pattern holds at most; further arguments are left open. */
const mostWords = 200;

/** What a session may do, as capabilities: nothing that its sandbox shows is without one. */
export function rightsFor(
  argv: readonly string[],
  folders: readonly OpenFolder[],
  hosts: readonly HostPattern[],
): Capability[] {
  const files = folders.flatMap(({ path, mode }): Capability[] => [
    { kind: 'file_read', path: `${path}/*` },
    ...(mode === 'ro' ? [] : [{ kind: 'file_write', path: `${path}/*` } as const]),
  ]);
  const sorted = [...new Map(hosts.map((host) => [writeHostPattern(host), host]))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, host]) => host);
  const network: Capability[] = sorted.length > 0 ? [{ kind: 'network', hosts: sorted }] : [];
  return [...files, { kind: 'exec', command: exactly(argv) }, ...network];
}

/** A pattern that only this command fits; an argument that no pattern can hold stands as any one. */
function exactly(argv: readonly string[]) {
  const words = argv.slice(0, mostWords).map((word) => (isPlain(word) ? word : null));
  return { words, rest: argv.length > mostWords };
}

/** What of a run a session is carried out for. */
export interface SessionPart {
  readonly run: Id<'run'>;
  readonly subtask: Id<'subtask'>;
}

/** The tokens of one session, held under its own name. */
export class SessionRights {
  readonly agent: string;
  readonly #tokens: CapabilityTokens;
  readonly #scope: Scope;

  /** `part`: what of a run it is carried out for. `agent`: who holds them, where that is not the session itself. */
  constructor(
    tokens: CapabilityTokens,
    session: Id<'session'>,
    part: SessionPart | null = null,
    agent: string = session,
  ) {
    this.#tokens = tokens;
    this.#scope = { session, ...part };
    this.agent = agent;
  }

  async issue(capabilities: readonly Capability[], by: Actor): Promise<void> {
    const scope = this.#scope;
    await Promise.all(
      capabilities.map((capability) => this.#tokens.issue({ agent: this.agent, capability, scope }, by)),
    );
  }

  /** Resolves where a token of the session permits the act; a denial is on the record before it is thrown. */
  async authorize(act: Act): Promise<void> {
    await this.#tokens.authorize(this.holderFor(act), act);
  }

  permits(act: Act): boolean {
    return this.#tokens.handleFor(this.agent, act) !== undefined;
  }

  async end(reason: string, by: Actor): Promise<void> {
    await this.#tokens.revokeAll(this.agent, reason, by);
    this.#tokens.forget(this.agent);
  }

  held(): readonly Capability[] {
    return this.#tokens.held(this.agent).map(({ capability }) => capability);
  }

  /** The same rights, narrowed for another session. What this one does not hold is refused, and nothing is handed on. */
  async handOn(to: Id<'session'>, capabilities: readonly Capability[], by: Actor): Promise<void> {
    const held = this.#tokens.held(this.agent);
    const scope = { ...this.#scope, session: to };
    const from = capabilities.map((capability) => {
      const wider = held.find((token) => covers(token.capability, capability));
      if (wider) return { holder: { agent: this.agent, handle: wider.handle }, capability };
      throw new Problem(
        'forbidden',
        `${writeCapability(capability)} is more than the one that starts it may do itself.`,
        'Start an agent with fewer rights, or give the one that starts it more.',
      );
    });
    for (const { holder, capability } of from) {
      await this.#tokens.narrow(holder, { agent: to, capability, scope }, by);
    }
  }

  /** Where nothing permits it, the token of the same kind is the one that does not. */
  holderFor(act: Act): Holder {
    const { agent } = this;
    return { agent, handle: this.#tokens.handleFor(agent, act) ?? this.#ofKind(act.kind) };
  }

  /** Opens a path and asks for it by where it really leads; gives that, and closes it again. */
  async authorizePath(open: PathOpener, asked: { kind: PathAct; path: string }): Promise<string> {
    const { agent } = this;
    let opened: OpenPath;
    try {
      opened = open(asked.path, { countNames: asked.kind === 'file_write' });
    } catch (thrown) {
      const holder = { agent, handle: this.#ofKind(asked.kind) };
      const said = `${asked.kind}: ${Problem.of(thrown).message}`;
      throw await this.#tokens.deny(holder, 'unclear_path', said, { cause: thrown });
    }
    opened.close();
    await this.authorize({ kind: asked.kind, path: opened.path });
    return opened.path.toString();
  }

  #ofKind(kind: Act['kind']): string {
    return this.#tokens.held(this.agent).find(({ capability }) => capability.kind === kind)?.handle ?? '';
  }
}
