import type { JSONRPCMessage, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/** By which our own word for an answer that broke off is known from one of a server. */
export const endedEarly = -32_050;

/** A server may end its answer without having given one: whoever waits for it hears so, and does not wait in vain. */
export function tellOfEnds(transport: StreamableHTTPClientTransport, ended: () => void): void {
  const waiting = new Set<string | number>();
  const send = transport.send.bind(transport);
  transport.send = (message, options) => {
    const id = Array.isArray(message) || !('method' in message) ? undefined : idOf(message);
    if (id === undefined || options?.onRequestStreamEnd) return send(message, options);
    waiting.add(id);
    const onRequestStreamEnd = () => {
      if (!waiting.delete(id)) return;
      ended();
      const error = { code: endedEarly, message: 'the answer broke off' };
      transport.onmessage?.({ jsonrpc: '2.0', id, error });
    };
    options?.requestSignal?.addEventListener('abort', () => waiting.delete(id), { once: true });
    return send(message, { ...options, onRequestStreamEnd }).catch((thrown: unknown) => {
      waiting.delete(id);
      throw thrown;
    });
  };
  // The kit hears after whoever was there before it.
  const onmessage = (message: JSONRPCMessage) => {
    const id = 'method' in message ? undefined : idOf(message);
    if (id !== undefined) waiting.delete(id);
  };
  Object.assign(transport, { onmessage });
}

function idOf(message: JSONRPCMessage): string | number | undefined {
  const id = 'id' in message ? message.id : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}
