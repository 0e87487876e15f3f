import { Problem } from '../../../shared/problem.ts';
import type { EgressEvent, EgressGate } from '../../sandbox/egress.ts';

/** What went to one host and came from it. */
export interface HostUse {
  readonly host: string;
  readonly port: number;
  connections: number;
  sent: number;
  received: number;
}

/** Where packages come from; nothing else is reached while one is installed. */
export interface Registry {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The person’s own word: it may be an address of their own network. */
  readonly isOwn: boolean;
}

export function registryOf(text: string, isOwn: boolean): Registry {
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new Problem(
      'invalid_input',
      'npm’s own configuration names no registry that is reached by https:// or http://.',
      'Look at it with `npm config get registry`.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new Problem(
      'invalid_input',
      'npm’s own configuration has a password in the registry’s address.',
      'Take it out of “registry”, and give it as `_authToken` or as `username` and `_password` of that registry.',
    );
  }
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  return { url: url.href, host: url.hostname, port, isOwn };
}

const mostReasons = 3;

/** Closed until somebody has said which registries there are. */
export class RegistryGate implements EgressGate {
  #registries: readonly Registry[] = [];
  readonly #uses = new Map<string, HostUse>();
  readonly #refused = new Set<string>();
  readonly serve = null;

  open(registries: readonly Registry[]): void {
    this.#registries = registries;
  }

  /** What was used, for the record. */
  get uses(): HostUse[] {
    return [...this.#uses.values()];
  }

  /** What was asked for and refused, in sentences; empty: nothing. */
  get refused(): string {
    return [...this.#refused].join(' ');
  }

  allow(host: string, port: number): Promise<void> {
    const isKnown = this.#registries.some((each) => each.host === host && each.port === port);
    if (isKnown) return Promise.resolve();
    const told = new Problem('forbidden', `${host}:${port} is not where packages come from.`);
    this.#refuse(told.message);
    return Promise.reject(told);
  }

  #refuse(reason: string): void {
    if (this.#refused.size < mostReasons) this.#refused.add(reason);
  }

  /** Whose address it is, is not said here: none of them may be another's word. */
  allowsAddress(): boolean {
    return this.#registries.length > 0 && this.#registries.every(({ isOwn }) => isOwn);
  }

  told(happened: EgressEvent): void {
    if (happened.what === 'refused') return this.#refuse(happened.reason);
    const { host, port } = happened;
    const key = `${host}:${port}`;
    const use = this.#uses.get(key) ?? { host, port, connections: 0, sent: 0, received: 0 };
    this.#uses.set(key, use);
    if (happened.what === 'connected') use.connections++;
    else {
      use.sent += happened.sent;
      use.received += happened.received;
    }
  }

  whenEnded(): void {
    // Whoever opened the sandbox takes it down, and with it every connection.
  }
}
