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

/** Where the disk is full the record opens all the same; what the word index lacks is made up for later. */
async function catchUp(opened: Writer): Promise<void> {
  try {
    await opened.catchUp();
  } catch (thrown) {
    if (storageProblem(thrown).code !== 'storage_full') throw thrown;
  }
}

async function index(): Promise<number> {
  await present().catchUp();
  return present().index();
}

/** So long the word index gathers before it is written. Where the disk is full it is tried again with the next event. */
const gatherMilliseconds = 20;
let gathering = false;

function indexSoon(): void {
  if (gathering) return;
  gathering = true;
  systemClock.after(gatherMilliseconds, () => {
    gathering = false;
    // It is derived, and what waits is kept.
    index().catch(() => undefined);
  });
}

answerCalls<WriterCalls>(
  parentPort!,
  {
    open: async ({ path, newLog }) => {
      writer = new Writer(path, projections);
      const opened = writer.open(newLog);
      await catchUp(writer);
      return { ...opened, indexed: writer.indexed() };
    },
    keys: (pems) => (present().keys(pems), null),
    append: ({ events, effect }) => {
      const appended = present().append(events, effect);
      indexSoon();
      return appended;
    },
    index,
    checkpoint: () => present().checkpoint(),
    rest: () => (rested(), null),
    forget: () => present().forget(),
    fits: ({ note }) => note === null || present().fits(note),
    prunable: ({ before, maxBytes }) => present().prunable(before, maxBytes),
    rebuild: async (tables) => (await present().rebuild(tables), null),
    close: () => (writer?.close(), null),
  },
  { problemOf: storageProblem, lingers: true },
);
