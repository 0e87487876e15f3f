import type { Duplex } from 'node:stream';
import { canonicalHost, type HostPattern } from '../../../shared/capability/host-pattern.ts';
import { connection } from '../../capabilities/act.ts';
import type { EgressEvent, EgressGate } from '../../sandbox/egress.ts';
import type { SessionRights } from '../preparing/session-rights.ts';
import type { Connections } from './connections.ts';

/** Asks the session's tokens for each connection, and tells the record of it. */
export class SessionGate implements EgressGate {
  readonly #rights: SessionRights;
  readonly #hosts: readonly HostPattern[];
  readonly #connections: Connections;
  readonly serve: (() => Duplex) | null;
  #cutters: (() => void)[] = [];
  #ended = false;

  constructor(
    rights: SessionRights,
    hosts: readonly HostPattern[],
    connections: Connections,
    serve: (() => Duplex) | null = null,
  ) {
    this.#rights = rights;
    this.#hosts = hosts;
    this.#connections = connections;
    this.serve = serve;
  }

  async allow(host: string, port: number): Promise<void> {
    await this.#rights.authorize(connection(host, port));
  }

  /** Only a pattern that is this very address: no name, no part of one and no “*” leads inside. */
  allowsAddress(address: string, port: number): boolean {
    const bare = address.replaceAll(/^\[|\]$/g, '');
    const spelled = canonicalHost(bare.includes(':') ? `[${bare}]` : bare);
    if (spelled === undefined || !this.#rights.permits(connection(spelled, port))) return false;
    return this.#hosts.some(
      ({ host, ports }) => host === spelled && (ports === null || (port >= ports.from && port <= ports.to)),
    );
  }

  told(happened: EgressEvent): void {
    this.#connections.told(happened);
  }

  whenEnded(cut: () => void): void {
    if (this.#ended) cut();
    else this.#cutters.push(cut);
  }

  /** From now on nothing goes out, and what is open is cut. */
  end(): void {
    this.#ended = true;
    for (const cut of this.#cutters.splice(0)) cut();
  }
}
