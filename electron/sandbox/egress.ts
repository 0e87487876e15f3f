import type { Duplex } from 'node:stream';
import { proxyAddress } from './inside/environment.ts';

/** By this name the helper asks for Holdfast itself, where a program sends a request that names no host to its proxy. */
export const ownHost = 'gateway.holdfast.internal';

/** And this is where the program sends it, on the sandbox's own loopback. */
export const ownUrl = `http://${proxyAddress}`;

/**
 * Says whether one connection may be made; throws a `Problem` that tells why not. The host is in its one
 * spelling. `told` hears what became of an allowed connection.
 */
export interface EgressGate {
  allow(host: string, port: number): Promise<void>;
  /** An address that is private, link-local or this machine’s needs a grant that names the address itself. */
  allowsAddress(address: string, port: number): boolean;
  told(happened: EgressEvent): void;
  /** A connection to what Holdfast itself serves to this sandbox; without it nothing is served. */
  readonly serve?: (() => Duplex) | null;
  /** Calls when the right to the network is gone: every connection is to be cut then. */
  whenEnded(cut: () => void): void;
}

export type EgressEvent =
  | {
      readonly what: 'connected';
      readonly id: number;
      readonly host: string;
      readonly port: number;
      readonly address: string;
    }
  | {
      readonly what: 'closed';
      readonly id: number;
      readonly host: string;
      readonly port: number;
      readonly address: string;
      readonly sent: number;
      readonly received: number;
      readonly milliseconds: number;
    }
  | { readonly what: 'refused'; readonly host: string; readonly port: number; readonly reason: string };

/** What the tunnel of a sandbox asks for: a connection, or a `Problem` that says why there is none. */
export interface Egress {
  open(host: string, port: number): Promise<Duplex>;
  /** Cuts every connection: the right to it is gone. */
  cut(): void;
}
