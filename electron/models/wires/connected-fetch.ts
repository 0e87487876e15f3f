import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';

type Told = () => void;

/** Who asks, while its question is made; and who is to hear of a question on its way. */
const asking = new AsyncLocalStorage<Told>();
const waiting = new WeakMap<object, Told>();

const questionOf = (message: unknown) => (message as { request: object }).request;

// A fetch resolves with the head of the answer alone: that the connection stands is told nowhere else.
subscribe('undici:request:create', (message) => {
  const told = asking.getStore();
  if (told) waiting.set(questionOf(message), told);
});
subscribe('undici:client:sendHeaders', (message) => waiting.get(questionOf(message))?.());

/** The same fetch, which tells when its connection stands, TLS included, and the question is being sent. */
export function connectedFetch(fetch: typeof globalThis.fetch, told: Told): typeof globalThis.fetch {
  return (input, init) => asking.run(told, () => fetch(input, init));
}
