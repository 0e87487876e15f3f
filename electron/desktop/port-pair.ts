import type { Taken } from '../../shared/port-credit.ts';
import type { GatewayPort } from '../gateway/port.ts';

/** Two ends inside this process: what goes into one comes out of the other, in order, once that one has started. */
export function portPair(): [GatewayPort, GatewayPort] {
  const [one, other] = [new PairedPort(), new PairedPort()];
  one.other = other;
  other.other = one;
  return [one, other];
}

type Message = { data: unknown };

class PairedPort implements GatewayPort {
  other: PairedPort | undefined;
  readonly #messages: ((message: Message) => void)[] = [];
  readonly #closes: (() => void)[] = [];
  #waiting: Message[] | undefined = [];

  on(event: 'message' | 'close', listener: (message: Message) => void): void {
    if (event === 'message') this.#messages.push(listener);
    else this.#closes.push(listener as () => void);
  }

  postMessage(data: string | Taken): void {
    const { other } = this;
    if (other) queueMicrotask(() => other.#receive({ data }));
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const message of waiting) this.#receive(message);
  }

  close(): void {
    const { other } = this;
    if (!other) return;
    this.other = undefined;
    queueMicrotask(() => {
      for (const closed of this.#closes) closed();
      other.close();
    });
  }

  #receive(message: Message): void {
    if (this.#waiting) this.#waiting.push(message);
    else for (const listener of this.#messages) listener(message);
  }
}
