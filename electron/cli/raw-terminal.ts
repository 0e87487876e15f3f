import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { atRest, hereItIs, whereIsIt } from './terminal-rest.ts';

/** How long a terminal may take to answer; not every one does. */
const patience = 300;
/** So many places nobody guesses. */
const places = 5;

/** The detach key is pressed twice: Ctrl-\. */
const detachKey = 0x1c;

export interface RawTerminal {
  readonly size: { columns: number; rows: number };
  /** Gives the terminal back as it was, and forgets what was typed or answered meanwhile. */
  leave(): Promise<void>;
}

export interface RawTerminalUse {
  readonly typed: (bytes: Buffer) => void;
  readonly resized: (size: { columns: number; rows: number }) => void;
  readonly detached: () => void;
}

/** Hands the terminal’s keys on as they are, one by one, until it is given back: also when this program ends otherwise. */
export function takeTerminal({ typed, resized, detached }: RawTerminalUse): RawTerminal {
  const { stdin, stdout } = process;
  const size = () => ({ columns: Math.max(1, stdout.columns), rows: Math.max(1, stdout.rows) });
  const restore = () => void stdin.setRawMode(false);
  let pressed = false;
  const take = (bytes: Buffer) => {
    const from = pressed ? Buffer.concat([Buffer.of(detachKey), bytes]) : bytes;
    const twice = from.indexOf(Buffer.of(detachKey, detachKey));
    if (twice >= 0) {
      typed(from.subarray(0, twice));
      return detached();
    }
    pressed = from.at(-1) === detachKey;
    typed(pressed ? from.subarray(0, -1) : from);
  };
  const resize = () => resized(size());
  stdin.setRawMode(true);
  process.once('exit', restore);
  stdin.on('data', take);
  stdin.resume();
  stdout.on('resize', resize);
  return {
    size: size(),
    async leave() {
      stdin.off('data', take);
      stdout.off('resize', resize);
      await quieted(size());
      restore();
      process.off('exit', restore);
      stdin.pause();
    },
  };
}

/**
 * A program can ask the terminal things and end before the answer comes: the answer would be typed into whatever
 * reads the terminal next. Answers come in order, so that after ours none of its is left. It must not be one that the
 * program could have had, too.
 */
async function quieted({ columns, rows }: RawTerminal['size']): Promise<void> {
  const { stdin, stdout } = process;
  const asked = Array.from({ length: places }, () => ({
    row: randomInt(1, rows + 1),
    column: randomInt(1, columns + 1),
  }));
  const answered = Promise.withResolvers<void>();
  let heard = '';
  const hear = (bytes: Buffer) => {
    heard = (heard + bytes.toString('latin1')).slice(-256);
    if (heard.includes(hereItIs(asked))) answered.resolve();
  };
  stdin.on('data', hear);
  stdout.write(`${atRest}${whereIsIt(asked)}`);
  const over = new AbortController();
  const late = wait(patience, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([answered.promise, late]);
  over.abort();
  stdin.off('data', hear);
}
