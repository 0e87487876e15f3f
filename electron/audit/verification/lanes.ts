import type { RangeAnswer, RangeQuestion } from './range.ts';

/** How far the fastest thread may run ahead of the slowest, in ranges for each thread. */
const ahead = 4;

/**
 * Gives ranges to several threads, each the next one when it is free, and yields the answers in the
 * order of the ranges.
 */
export async function* answersInOrder(
  questions: readonly RangeQuestion[],
  threads: readonly { verifyRange(question: RangeQuestion): Promise<RangeAnswer> }[],
): AsyncGenerator<RangeAnswer> {
  const answers = new Map<number, Promise<RangeAnswer>>();
  // Each has two: the next is there when one is done, however late this thread comes to hear of it.
  const free = [...threads, ...threads];
  let asked = 0;
  let yielded = 0;
  const ask = () => {
    while (free.length > 0 && asked < questions.length && asked < yielded + ahead * threads.length) {
      const thread = free.shift()!;
      const answer = thread.verifyRange(questions[asked]!);
      answers.set(asked++, answer);
      const freed = () => {
        free.push(thread);
        ask();
      };
      // A failure is met below, where the answer is awaited; the thread gets no more work.
      answer.then(freed, () => undefined);
    }
  };
  for (; yielded < questions.length; yielded++) {
    ask();
    const answer = await answers.get(yielded)!;
    answers.delete(yielded);
    yield answer;
  }
}
