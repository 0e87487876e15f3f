import { ModelFailure } from './model-failure.ts';

/** Of one answer; thoughts and arguments included, as events. */
export const mostBytes = 256_000_000;

/** The same fetch, whose answers end with a failure when they are longer than anything a provider has to say. */
export function boundedFetch(fetch: typeof globalThis.fetch, most: number): typeof globalThis.fetch {
  return async (input, init) => {
    const answer = await fetch(input, init);
    if (!answer.body) return answer;
    let bytes = 0;
    const counting = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > most)
          controller.error(new ModelFailure('malformed', `The answer is longer than ${most} bytes.`));
        else controller.enqueue(chunk);
      },
    });
    const { status, statusText, headers } = answer;
    return new Response(answer.body.pipeThrough(counting), { status, statusText, headers });
  };
}
