import { plural } from '../../../shared/plural.ts';
import type { Clock } from '../../base/clock.ts';
import { askAnthropic } from '../wires/anthropic.ts';
import { askChatCompletions } from '../wires/chat-completions.ts';
import { connectedFetch } from '../wires/connected-fetch.ts';
import { ModelFailure } from '../wires/model-failure.ts';
import type { Endpoint, WireNeeds, WirePiece, WireRequest } from '../wires/wire.ts';

const wires = { messages: askAnthropic, chat: askChatCompletions };

/**
 * How long it may take: until the connection stands, until it begins to answer, until its first words, between any
 * two, and altogether. Milliseconds.
 */
export interface Patience {
  readonly connect: number;
  readonly open: number;
  readonly first: number;
  readonly idle: number;
  readonly total: number;
}

const words = {
  connect: 'No connection to it was made',
  open: 'It did not begin to answer',
  first: 'It said nothing',
  idle: 'It fell silent in the middle: it said nothing more',
  total: 'It kept talking and was not done',
} as const;

const kinds = {
  connect: 'unreachable',
  open: 'slow',
  first: 'slow',
  idle: 'slow',
  total: 'endless',
} as const;

/** One question to one provider, with an end to each kind of silence, and to talk without end. */
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
  const after = (what: keyof Patience) =>
    clock.after(patience[what], () => {
      const seconds = Math.round(patience[what] / 1000);
      slow ??= new ModelFailure(kinds[what], `${words[what]} within ${plural(seconds, 'second')}.`);
      silence.abort(slow);
    });
  const expect = (what: keyof Patience) => {
    forget();
    forget = after(what);
  };
  let connecting = true;
  const connected = () => {
    if (connecting) expect('open');
    connecting = false;
  };
  const fetch = connectedFetch(needs.fetch, connected);
  const failed = (failure: ModelFailure) => {
    failure.begun = begun;
    return failure;
  };
  const forgetTotal = after('total');
  expect('connect');
  try {
    const pieces = wires[wire](
      endpoint,
      request,
      { ...needs, fetch },
      AbortSignal.any([signal, silence.signal]),
    );
    let ended = false;
    for await (const piece of pieces) {
      // Silence is the provider's: the time that whoever listens takes is not counted.
      forget();
      connecting = false;
      begun = true;
      ended = piece.kind === 'end';
      yield piece;
      if (piece.kind === 'open') expect('first');
      else if (!ended) expect('idle');
    }
    if (slow) throw failed(slow);
    if (!ended && !signal.aborted)
      throw failed(new ModelFailure('cut', 'The answer broke off before its end.'));
  } catch (thrown) {
    if (slow) throw failed(slow);
    throw thrown instanceof ModelFailure ? failed(thrown) : thrown;
  } finally {
    connecting = false;
    forget();
    forgetTotal();
  }
}
