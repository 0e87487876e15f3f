import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as timer } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Problem } from '../../shared/problem.ts';
import { type Egress, type EgressGate, ownHost } from './egress.ts';
import { leadsOutside } from './egress/special-addresses.ts';

const lookup = promisify(systemLookup);

/** The addresses of a name, as this machine resolves it. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

const bySystem: Resolve = (host) => lookup(host, { all: true, order: 'verbatim' });

/** So many connections of one sandbox at a time. */
const most = 256;
const connectingMs = 20_000;
/** Each is on the record: after so many at once one more may be made in each span, and the others wait. */
const burst = 300;
const spanMs = 40;

/**
 * The way out of a sandbox. The name is resolved here, once, and what is connected to is an address that was
 * checked: a name that answers differently a moment later changes nothing.
 */
export function openEgress(
  gate: EgressGate,
  resolve: Resolve = bySystem,
  wait: (milliseconds: number) => Promise<unknown> = timer,
): Egress {
  const sockets = new Set<Duplex>();
  let opening = 0;
  let last = 0;
  let cuts = 0;
  let resolving: Promise<unknown> = Promise.resolve();
  let next = -Infinity;

  /** One name at a time: this machine asks for two at most, and names that nobody answers are waited for long. */
  const resolveInTurn: Resolve = (host) => {
    const before = cuts;
    const found = resolving.then(() => {
      if (cuts !== before) throw new Problem('cancelled', 'The sandbox has ended.');
      return resolve(host);
    });
    resolving = found.catch(() => undefined);
    return found;
  };

  const refuse = (host: string, port: number, problem: Problem): never => {
    gate.told({ what: 'refused', host, port, reason: problem.message });
    throw problem;
  };

  const inTurn = async (): Promise<void> => {
    const now = performance.now();
    next = Math.max(next, now - burst * spanMs) + spanMs;
    if (next <= now) return;
    const before = cuts;
    await wait(next - now);
    if (cuts !== before) throw new Problem('cancelled', 'The sandbox has ended.');
  };

  const connectTo = async (host: string, port: number, addresses: LookupAddress[]): Promise<Socket> => {
    const id = ++last;
    const begun = performance.now();
    const socket = await connected(addresses, port).catch((thrown: unknown) =>
      refuse(host, port, unreachable(host, port, thrown)),
    );
    const address = socket.remoteAddress ?? '';
    counted(socket, sockets);
    gate.told({ what: 'connected', id, host, port, address });
    socket.once('close', () => {
      const { bytesWritten: sent, bytesRead: received } = socket;
      const milliseconds = performance.now() - begun;
      gate.told({ what: 'closed', id, host, port, address, sent, received, milliseconds });
    });
    return socket;
  };

  const open = async (host: string, port: number): Promise<Duplex> => {
    const before = cuts;
    await gate.allow(host, port);
    const found = await addressesOf(host, resolveInTurn).catch((thrown: unknown) =>
      refuse(host, port, unresolved(host, thrown)),
    );
    const allowed = found.filter(({ address }) => leadsOutside(address) || gate.allowsAddress(address, port));
    if (allowed.length === 0) refuse(host, port, notOutside(host, found));
    await inTurn();
    const socket = await connectTo(host, port, allowed);
    // The right to it may have ended while it was being made.
    if (cuts !== before) socket.destroy();
    return socket;
  };

  const cut = () => {
    cuts++;
    for (const socket of sockets) socket.destroy();
  };
  gate.whenEnded(cut);

  return {
    cut,
    async open(host, port) {
      if (sockets.size + opening >= most) {
        return refuse(host, port, new Problem('too_many', `The sandbox has ${most} connections already.`));
      }
      if (host === ownHost) return counted(served(gate), sockets);
      opening++;
      try {
        return await open(host, port);
      } finally {
        opening--;
      }
    },
  };
}

function served(gate: EgressGate): Duplex {
  const made = gate.serve?.();
  if (made) return made;
  throw new Problem('invalid_input', 'This proxy understands CONNECT and requests for http:// addresses.');
}

function counted(duplex: Duplex, among: Set<Duplex>): Duplex {
  among.add(duplex);
  duplex.once('close', () => among.delete(duplex));
  return duplex;
}

async function addressesOf(host: string, resolve: Resolve): Promise<readonly LookupAddress[]> {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host;
  const family = isIP(bare);
  return family === 0 ? resolve(host) : [{ address: bare, family }];
}

/** Tries the addresses as browsers do, the next while the last one hesitates. */
async function connected(addresses: LookupAddress[], port: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({
    host: 'checked.invalid',
    port,
    autoSelectFamily: true,
    lookup: (_, __, answer) => answer(null, addresses),
  });
  const late = setTimeout(() => socket.destroy(new Error('it does not answer')), connectingMs);
  socket.once('error', reject);
  socket.once('connect', () => {
    socket.off('error', reject);
    // From here on whoever pipes it hears of errors by its close.
    socket.on('error', () => undefined);
    resolve(socket);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(late);
  }
}

function unresolved(host: string, thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
  return new Problem('unreachable', `“${host}” is not found (${code}).`, 'Look at how the name is spelled.');
}

function unreachable(host: string, port: number, thrown: unknown): Problem {
  const errors = thrown instanceof AggregateError ? (thrown.errors as unknown[]) : [thrown];
  const said = errors.map((error) =>
    error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error),
  );
  return new Problem('unreachable', `${host}:${port} cannot be reached (${[...new Set(said)].join(', ')}).`);
}

function notOutside(host: string, found: readonly LookupAddress[]): Problem {
  const [first] = found;
  if (!first) return new Problem('unreachable', `“${host}” has no address.`);
  const what =
    first.address === host.replaceAll(/^\[|\]$/g, '') ? host : `${host} leads to ${first.address}, which`;
  return new Problem(
    'forbidden',
    `${what} is an address of this machine or of a private network.`,
    `Allow ${first.family === 6 ? `[${first.address}]` : first.address} itself where that is meant.`,
  );
}
