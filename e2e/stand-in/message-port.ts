import { Emitter } from './emitter.ts';

/** Where messages of a port go: to its twin in this process, or into a page. */
interface Far {
  deliver(data: unknown): void;
  closed(): void;
}

/** Electron's MessagePortMain: queues until it is started, and can be handed to a page. */
export class MessagePortMain extends Emitter {
  #far: Far | undefined;
  #queue: unknown[] | undefined = [];
  #handedOver: Far | undefined;

  join(far: Far): void {
    this.#far = far;
  }

  /** Called once when the port goes into a page: from then on it lives there. */
  handOver(page: Far): void {
    this.#handedOver = page;
    for (const data of this.#queue?.splice(0) ?? []) page.deliver(data);
  }

  /** What the page said on it, or that it closed it there. */
  fromPage(data: unknown): void {
    this.#far?.deliver(data);
  }

  closedInPage(): void {
    const far = this.#far;
    this.#far = undefined;
    far?.closed();
  }

  postMessage(message: unknown): void {
    const data: unknown = structuredClone(message);
    const far = this.#far;
    if (far) queueMicrotask(() => far.deliver(data));
  }

  start(): void {
    const queue = this.#queue ?? [];
    this.#queue = undefined;
    for (const data of queue) this.emit('message', { data, ports: [] });
  }

  close(): void {
    const far = this.#far;
    if (!far) return;
    this.#far = undefined;
    far.closed();
    queueMicrotask(() => this.emit('close'));
  }

  deliver(data: unknown): void {
    if (this.#handedOver) this.#handedOver.deliver(data);
    else if (this.#queue) this.#queue.push(data);
    else this.emit('message', { data, ports: [] });
  }

  closed(): void {
    if (this.#handedOver) {
      this.#far = undefined;
      this.#handedOver.closed();
    } else this.close();
  }
}
