import type { Duplex } from 'node:stream';
import { canonicalHost } from '../../../shared/capability/host-pattern.ts';
import { Problem, type ProblemCode } from '../../../shared/problem.ts';
import type { Egress } from '../egress.ts';
import { Breach } from './breach.ts';
import type { Channel } from './channel.ts';
import type { Frame } from './frames.ts';
import { PayloadReader } from './payload-reader.ts';
import { protocol } from './protocol.ts';
import { TunnelConnection } from './tunnel-connection.ts';

const statuses: Partial<Record<ProblemCode, number>> = { invalid_input: 400, forbidden: 403 };
const longestReason = 1500;

/** The far end of the proxy inside: makes the connections that the egress allows, and says why it makes the others not. */
export class Tunnel {
  readonly #channel: Channel;
  readonly #egress: Egress | null;
  /** `null` while the connection is being made. */
  readonly #connections = new Map<number, TunnelConnection | null>();
  #lastId = 0;

  constructor(channel: Channel, egress: Egress | null) {
    this.#channel = channel;
    this.#egress = egress;
  }

  take({ type, id, payload }: Frame): void {
    if (type === protocol.FRAME_TUNNEL_OPEN) return this.#asked(id, payload);
    const connection = this.#connections.get(id);
    if (connection === undefined) throw new Breach('a connection that was never opened');
    const from = new PayloadReader(payload);
    if (type === protocol.FRAME_TUNNEL_CLOSE) {
      this.#connections.delete(id);
      connection?.drop();
    } else if (connection === null) {
      throw new Breach('a connection speaks before it is open');
    } else if (type === protocol.FRAME_TUNNEL_DATA) {
      connection.takeData(from.rest());
    } else if (type === protocol.FRAME_TUNNEL_CREDIT) {
      connection.takeCredit(from.u32());
    } else if (type === protocol.FRAME_TUNNEL_END) {
      connection.takeEnd();
    } else {
      throw new Breach('a connection’s frame of no known kind');
    }
    from.end();
  }

  #asked(id: number, payload: Buffer): void {
    const from = new PayloadReader(payload);
    const [host, port] = [from.bytes().toString('latin1'), from.u32()];
    from.end();
    if (this.#egress === null) throw new Breach('it asks for a network that it has not');
    if (id <= this.#lastId || this.#connections.size >= protocol.MOST_CONNECTIONS)
      throw new Breach('more connections than there can be');
    this.#lastId = id;
    this.#connections.set(id, null);
    const name = canonicalHost(host);
    if (name === undefined || port < 1 || port > 65_535) {
      this.#refuse(id, 400, 'That is no host and port.');
      return;
    }
    this.#egress.open(name, port).then(
      (duplex) => this.#opened(id, duplex),
      (thrown: unknown) => {
        const { code, message, mend } = Problem.of(thrown);
        this.#refuse(id, statuses[code] ?? 502, [message, mend].filter(Boolean).join(' '));
      },
    );
  }

  #opened(id: number, duplex: Duplex): void {
    if (this.#channel.lost !== undefined || this.#connections.get(id) !== null) {
      // The program has gone meanwhile.
      duplex.destroy();
      return;
    }
    const say = (type: number): void => this.#channel.send({ type, flags: 0, id });
    say(protocol.FRAME_TUNNEL_OPENED);
    const connection = new TunnelConnection(duplex, {
      data: (bytes) => this.#channel.sendBytes({ type: protocol.FRAME_TUNNEL_DATA, flags: 0, id }, bytes),
      credit: (bytes) =>
        this.#channel.send({ type: protocol.FRAME_TUNNEL_CREDIT, flags: 0, id }, (to) => to.u32(bytes)),
      end: () => say(protocol.FRAME_TUNNEL_END),
      close: () => say(protocol.FRAME_TUNNEL_CLOSE),
    });
    this.#connections.set(id, connection);
  }

  #refuse(id: number, status: number, reason: string): void {
    if (!this.#connections.delete(id)) return;
    this.#channel.send({ type: protocol.FRAME_TUNNEL_REFUSED, flags: 0, id }, (to) =>
      to.u32(status).bytes(`${reason.slice(0, longestReason).toWellFormed()}\n`),
    );
  }

  lose(): void {
    const open = [...this.#connections.values()];
    this.#connections.clear();
    for (const connection of open) connection?.drop();
  }
}
