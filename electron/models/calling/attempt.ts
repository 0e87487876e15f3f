import type { Clock } from '../../base/clock.ts';
import { askAnthropic } from '../wires/anthropic.ts';
import { askChatCompletions } from '../wires/chat-completions.ts';
import { ModelFailure } from '../wires/model-failure.ts';
import type { Endpoint, WireNeeds, WirePiece, WireRequest } from '../wires/wire.ts';

const wires = { messages: askAnthropic, chat: askChatCompletions };

/** How long it may take: until it begins to answer, until its first words, and between any two. Milliseconds. */
export interface Patience {
  readonly open: number;
  readonly first: number;
  readonly idle: number;
}

/** One question to one provider, with an end to each kind of silence. */
export async function* attempt(
  wire: 'messages' | 'chat',
  endpoint: Endpoint,
  request: WireRequest,
  { clock, patience, ...needs }: WireNeeds & { clock: Clock; patience: Patience },
  signal: AbortSignal,
): AsyncGenerator<WirePiece, void> {
  const silence = new AbortController();
  let slow: ModelFailure | undefined;
  let forget: () => void = () => undefined;
  let begun = false;
  const expect = (milliseconds: number, words: string) => {
    forget();
    forget = clock.after(milliseconds, () => {
      slow = new ModelFailure('slow', `${words} within ${Math.round(milliseconds / 1000)} seconds.`);
      silence.abort(slow);
    });
  };
  const failed = (failure: ModelFailure) => {
    failure.begun = begun;
    return failure;
  };
  expect(patience.open, 'It did not begin to answer');
  try {
    const pieces = wires[wire](endpoint, request, needs, AbortSignal.any([signal, silence.signal]));
    let ended = false;
    for await (const piece of pieces) {
      // Silence is the provider's: the time that whoever listens takes is not counted.
      forget();
      begun = true;
      ended = piece.kind === 'end';
      yield piece;
      if (piece.kind === 'open') expect(patience.first, 'It said nothing');
      else if (!ended) expect(patience.idle, 'It fell silent in the middle: it said nothing more');
    }
    if (slow) throw failed(slow);
    if (!ended && !signal.aborted)
      throw failed(new ModelFailure('cut', 'The answer broke off before its end.'));
  } catch (thrown) {
    if (slow) throw failed(slow);
    throw thrown instanceof ModelFailure ? failed(thrown) : thrown;
  } finally {
    forget();
  }
}
