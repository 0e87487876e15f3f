/**
 * Runs in every page before its own scripts: what Electron's preload has (`contextBridge`, `ipcRenderer`) and the
 * places where a page would ask for a permission or another window. Serialised as text, so it uses nothing from outside.
 */
export type FromPage =
  | { kind: 'document'; id: string }
  | { kind: 'invoke'; channel: string; given: unknown[] }
  | { kind: 'port'; port: number; data: unknown }
  | { kind: 'portClosed'; port: number }
  | { kind: 'title'; title: string }
  | { kind: 'open'; url: string }
  | { kind: 'permission'; permission: string };

export type ToPage =
  | { kind: 'message'; channel: string; message: unknown; ports: number[] }
  | { kind: 'port'; port: number; data: unknown }
  | { kind: 'portClosed'; port: number };

type Answer = { value: unknown } | { failure: string };
type Preload = (require: (name: string) => unknown) => void;

interface PagePort {
  postMessage(data: unknown): void;
  close(): void;
  start(): void;
  addEventListener(name: string, listener: (event: { data: unknown }) => void): void;
}

/** The little of a page's globals that is used here; this file is checked among those without any. */
interface PageGlobals {
  top: unknown;
  document: {
    title: string;
    head: unknown;
    addEventListener(name: string, listener: (event: PageEvent) => void, capture?: boolean): void;
  };
  MutationObserver: new (changed: () => void) => { observe(node: unknown, what: object): void };
  MessageChannel: new () => { port1: PagePort; port2: PagePort };
  navigator: Record<string, Record<string, unknown> | undefined>;
  Notification?: Record<string, unknown>;
  crypto: { randomUUID(): string };
  location: { href: string };
  [name: string]: unknown;
}

interface PageEvent {
  target: { closest?(selector: string): { href: string } | null };
  preventDefault(): void;
}

export const bindingName = 'standInCalls';
export const deliverName = 'standInDelivers';

export function inPage(names: { binding: string; deliver: string }, preload: Preload | null): void {
  const page = globalThis as unknown as PageGlobals;
  const id = page.crypto.randomUUID();
  const call = page[names.binding] as (id: string, message: FromPage) => Promise<Answer>;
  Reflect.deleteProperty(page, names.binding);
  const tell = (message: FromPage) => void call(id, message);
  const ask = async (message: FromPage) => {
    const answer = await call(id, message);
    if ('failure' in answer) throw new Error(answer.failure);
    return answer.value;
  };
  const listeners = new Map<string, ((event: object, message: unknown) => void)[]>();
  const ports = new Map<number, PagePort>();

  const receivePort = (port: number): PagePort => {
    const { port1, port2 } = new page.MessageChannel();
    ports.set(port, port1);
    port1.addEventListener('message', ({ data }) => tell({ kind: 'port', port, data }));
    port1.addEventListener('close', () => {
      ports.delete(port);
      tell({ kind: 'portClosed', port });
    });
    port1.start();
    return port2;
  };
  const deliver = (messages: ToPage[]) => {
    for (const message of messages) {
      if (message.kind === 'message') {
        const event = { ports: message.ports.map(receivePort) };
        for (const listener of listeners.get(message.channel) ?? []) listener(event, message.message);
      } else if (message.kind === 'port') ports.get(message.port)?.postMessage(message.data);
      else {
        ports.get(message.port)?.close();
        ports.delete(message.port);
      }
    }
  };
  Object.defineProperty(page, names.deliver, { value: deliver });

  const guard = (holder: Record<string, unknown> | undefined, name: string, permission: string) => {
    const real = holder?.[name];
    if (!holder || typeof real !== 'function') return;
    const guarded = async (...given: unknown[]) => {
      await ask({ kind: 'permission', permission });
      return (real as (...all: unknown[]) => unknown).apply(holder, given);
    };
    Object.defineProperty(holder, name, { value: guarded });
  };
  guard(page.navigator['clipboard'], 'writeText', 'clipboard-sanitized-write');
  guard(page.navigator['clipboard'], 'readText', 'clipboard-read');
  guard(page.navigator['mediaDevices'], 'getUserMedia', 'media');
  guard(page.navigator['mediaDevices'], 'getDisplayMedia', 'display-capture');
  guard(page.Notification, 'requestPermission', 'notifications');

  page['open'] = (url: unknown) => {
    tell({ kind: 'open', url: String(url) });
    return null;
  };
  page.document.addEventListener(
    'click',
    (event) => {
      const link = event.target.closest?.('a[target="_blank"]');
      if (!link) return;
      event.preventDefault();
      tell({ kind: 'open', url: link.href });
    },
    true,
  );
  if (page !== page.top) return;

  tell({ kind: 'document', id });
  page.document.addEventListener('DOMContentLoaded', () => {
    let title = '';
    const look = () => {
      if (page.document.title === title) return;
      title = page.document.title;
      tell({ kind: 'title', title });
    };
    new page.MutationObserver(look).observe(page.document.head, {
      childList: true,
      subtree: true,
      characterData: true,
    });
    look();
  });
  preload?.((name) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return {
      contextBridge: {
        exposeInMainWorld: (key: string, api: object) =>
          Object.defineProperty(page, key, { value: Object.freeze({ ...api }), enumerable: true }),
      },
      ipcRenderer: {
        invoke: (channel: string, ...given: unknown[]) => ask({ kind: 'invoke', channel, given }),
        on: (channel: string, listener: (event: object, message: unknown) => void) =>
          listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
      },
    };
  });
}

/** The text that Chromium runs: the function above around the built preload script. */
export function inPageScript(preload: string | null): string {
  const names = JSON.stringify({ binding: bindingName, deliver: deliverName });
  const own = preload === null ? 'null' : `(require) => {${preload}\n}`;
  return `(${inPage.toString()})(${names}, ${own});`;
}
