import type { Verification } from '../../shared/contract/record.ts';
import { Problem } from '../../shared/problem.ts';
import type { Clock } from '../base/clock.ts';
import type { Thread } from '../base/thread-call.ts';
import type { ProofCalls } from './proof-calls.ts';
import type { Told } from './record.ts';
import { answersInOrder } from './verification/lanes.ts';
import { type Mark, type RangeAnswer, type RangeQuestion, rangeEvents } from './verification/range.ts';
import type { Survey } from './verification/survey.ts';
import { type OutsideNote, Verdict } from './verification/verdict.ts';

/** What verification asks of a thread. */
export interface VerifyingThread {
  survey(): Promise<Survey>;
  verifyRange(question: RangeQuestion): Promise<RangeAnswer>;
  /** Events from `from` on that say why something is gone. */
  lateMarks(from: number): Promise<Mark[]>;
  close(): Promise<void>;
}

export function verifyingThread(thread: Thread<ProofCalls>): VerifyingThread {
  return {
    survey: () => thread.call('survey', null),
    verifyRange: (question) => thread.call('verifyRange', question),
    lateMarks: (from) => thread.call('lateMarks', { from }),
    close: () => thread.close(),
  };
}

export interface VerifyOptions {
  /** Signed notes from outside the database, with a name for each. */
  outside: readonly OutsideNote[];
  /** Verifier keys known from elsewhere: the one whose private half is in the vault. */
  trusted: readonly string[];
  /** Starts a reading thread; verification closes those it started. */
  thread: () => VerifyingThread;
  threads: number;
  clock: Clock;
}

const progressMilliseconds = 100;

/**
 * Verifies the whole record: each row against its header and its payloads, the tree of all headers
 * against every checkpoint, the checkpoints against the keys, and all of it against what is kept
 * outside the database. The threads do the work; here it is only put together.
 */
export async function* verifyRecord(
  options: VerifyOptions,
  signal: AbortSignal,
): AsyncGenerator<Told<Verification>> {
  const { clock, outside, trusted } = options;
  const first = options.thread();
  const threads = [first];
  const end = () => void Promise.all(threads.map((thread) => thread.close()));
  signal.addEventListener('abort', end, { once: true });
  try {
    const started = clock.now().getTime();
    let told = started;
    const survey = await first.survey();
    const ranges = Math.ceil(survey.size / rangeEvents);
    while (threads.length < Math.min(options.threads, ranges)) threads.push(options.thread());
    const verdict = new Verdict(survey, outside, trusted);
    const progress = (done: number) => ({ progress: { phase: 'verifying', done, total: survey.size } });
    yield progress(0);
    for await (const answer of answersInOrder(rangesOf(survey.size, verdict.sizes), threads)) {
      verdict.add(answer);
      const now = clock.now().getTime();
      if (now - told < progressMilliseconds) continue;
      told = now;
      yield progress(answer.to);
    }
    const late = await first.lateMarks(survey.size);
    yield progress(survey.size);
    yield { result: verdict.finish(late, clock.now().getTime() - started) };
  } catch (thrown) {
    throw signal.aborted ? new Problem('cancelled', 'The verification was cancelled.') : thrown;
  } finally {
    signal.removeEventListener('abort', end);
    await Promise.all(threads.map((thread) => thread.close()));
  }
}

function rangesOf(size: number, sizes: readonly number[]): RangeQuestion[] {
  return Array.from({ length: Math.ceil(size / rangeEvents) }, (_, i) => ({
    from: i * rangeEvents,
    to: Math.min((i + 1) * rangeEvents, size),
    sizes,
  }));
}
