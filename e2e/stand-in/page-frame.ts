import type { Frame } from '@playwright/test';
import { toApp } from './addresses.ts';
import { deliverName, type ToPage } from './in-page.ts';
import type { MessagePortMain } from './message-port.ts';

/** Electron's WebFrameMain: one document in a frame. When the document goes, its ports close with it. */
export class PageFrame {
  readonly #frame: Frame;
  readonly parent: PageFrame | null;
  readonly #ports = new Map<number, MessagePortMain>();
  #waiting: ToPage[] = [];
  #last = 0;
  #destroyed = false;

  constructor(frame: Frame, parent: PageFrame | null) {
    this.#frame = frame;
    this.parent = parent;
  }

  get url(): string {
    return toApp(this.#frame.url());
  }

  get top(): PageFrame {
    return this.parent ?? this;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[] = []): void {
    const ports = transfer.map((port) => this.#take(port));
    // The message first: whatever waited in a port comes after the port itself.
    this.#send({ kind: 'message', channel, message, ports });
    for (const id of ports) {
      this.#ports.get(id)?.handOver({
        deliver: (data) => this.#send({ kind: 'port', port: id, data }),
        closed: () => {
          this.#ports.delete(id);
          this.#send({ kind: 'portClosed', port: id });
        },
      });
    }
  }

  portSaid(id: number, data: unknown): void {
    this.#ports.get(id)?.fromPage(data);
  }

  portClosed(id: number): void {
    const port = this.#ports.get(id);
    this.#ports.delete(id);
    port?.closedInPage();
  }

  destroy(): void {
    this.#destroyed = true;
    for (const id of this.#ports.keys()) this.portClosed(id);
  }

  #take(port: MessagePortMain): number {
    this.#last += 1;
    this.#ports.set(this.#last, port);
    return this.#last;
  }

  /** In order, and as many at once as have come together. */
  #send(message: ToPage): void {
    if (this.#destroyed) return;
    this.#waiting.push(message);
    if (this.#waiting.length > 1) return;
    queueMicrotask(() => {
      const messages = this.#waiting;
      this.#waiting = [];
      this.#frame
        .evaluate(
          ({ name, given }) =>
            (globalThis as unknown as Record<string, (all: unknown) => void>)[name]?.(given),
          { name: deliverName, given: messages },
        )
        // The document has gone while it was spoken to; that is told elsewhere.
        .catch(() => undefined);
    });
  }
}
