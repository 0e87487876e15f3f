import type { Duplex } from 'node:stream';
import { Breach } from './breach.ts';
import { protocol } from './protocol.ts';

const worthTelling = protocol.STREAM_WINDOW / 4;
const mostInOneFrame = 65_536;

/** What a connection says to the helper. */
export interface TunnelVoice {
  data(bytes: Uint8Array): void;
  credit(bytes: number): void;
  end(): void;
  close(): void;
}

/** One connection between a program inside and a socket outside, a window under way in each direction at most. */
export class TunnelConnection {
  readonly #voice: TunnelVoice;
  readonly #duplex: Duplex;
  /** What the helper takes still. */
  #credit: number = protocol.STREAM_WINDOW;
  #held: Buffer | undefined;
  /** What the helper sent and has no credit for yet, and how much of that the socket has taken. */
  #sent = 0;
  #taken = 0;
  #programEnded = false;
  #closed = false;

  constructor(duplex: Duplex, voice: TunnelVoice) {
    this.#duplex = duplex;
    this.#voice = voice;
    duplex.on('data', (bytes: Buffer) => this.#fromOutside(bytes));
    duplex.on('end', () => this.#outsideEnded());
    duplex.on('error', () => this.#close());
    // A socket that went away in the middle tells so by no end.
    duplex.on('close', () => duplex.readableEnded || this.#close());
  }

  #fromOutside(bytes: Buffer): void {
    if (this.#closed) return;
    for (let at = 0; at < bytes.length;) {
      if (this.#credit === 0) {
        this.#held = bytes.subarray(at);
        this.#duplex.pause();
        return;
      }
      const part = bytes.subarray(at, at + Math.min(this.#credit, mostInOneFrame));
      this.#credit -= part.length;
      at += part.length;
      this.#voice.data(part);
    }
  }

  #outsideEnded(): void {
    if (!this.#closed) this.#voice.end();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#voice.close();
    this.#duplex.destroy();
  }

  takeCredit(bytes: number): void {
    this.#credit += bytes;
    if (this.#credit > protocol.STREAM_WINDOW) throw new Breach('a connection took more than it was given');
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#fromOutside(held);
    if (this.#held === undefined && this.#credit > 0) this.#duplex.resume();
  }

  takeData(bytes: Buffer): void {
    this.#sent += bytes.length;
    // What is empty would take room here and none of the window.
    if (bytes.length === 0 || this.#sent > protocol.STREAM_WINDOW || this.#programEnded)
      throw new Breach('a connection sends what it may not');
    // Once the other side takes no more, the program is let finish what it says.
    if (this.#duplex.writable) this.#duplex.write(bytes, () => this.#wasTaken(bytes.length));
    else this.#wasTaken(bytes.length);
  }

  #wasTaken(bytes: number): void {
    this.#taken += bytes;
    if (this.#taken < worthTelling || this.#closed) return;
    this.#voice.credit(this.#taken);
    this.#sent -= this.#taken;
    this.#taken = 0;
  }

  takeEnd(): void {
    if (this.#programEnded) throw new Breach('a connection ended twice');
    this.#programEnded = true;
    this.#duplex.end();
  }

  /** The helper has dropped it. */
  drop(): void {
    this.#closed = true;
    this.#duplex.destroy();
  }
}
