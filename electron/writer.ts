/** Entry of the writing thread: the record's writer with the derived rows of every room. */
import { parentPort } from 'node:worker_threads';
import { Writer } from './audit/writer.ts';
import type { WriterCalls } from './audit/writing.ts';
import { systemClock } from './base/clock.ts';
import { collectAll, memoryAtRest } from './base/memory-at-rest.ts';
import { answerCalls } from './base/thread-call.ts';
import { projections } from './projections.ts';
import { storageProblem } from './store/database.ts';

let writer: Writer | undefined;
const present = (): Writer => {
  if (!writer) throw new Error('the writer is not open');
  return writer;
};

const rested = memoryAtRest(systemClock, () => {
  writer?.rest();
  collectAll();
});

answerCalls<WriterCalls>(
  parentPort!,
  {
    open: ({ path, newLog }) => {
      writer = new Writer(path, projections);
      return writer.open(newLog);
    },
    keys: (pems) => (present().keys(pems), null),
    append: ({ events, effect }) => present().append(events, effect),
    checkpoint: () => present().checkpoint(),
    rest: () => (rested(), null),
    forget: () => present().forget(),
    fits: ({ note }) => note === null || present().fits(note),
    prunable: ({ before, maxBytes }) => present().prunable(before, maxBytes),
    rebuild: async (tables) => (await present().rebuild(tables), null),
    close: () => (writer?.close(), null),
  },
  storageProblem,
);
