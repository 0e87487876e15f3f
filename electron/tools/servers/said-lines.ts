import { BoundedLines } from './bounded-lines.ts';
import { shownText } from './shown-text.ts';

const mostLines = 200;
const longest = 2000;

interface Told {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** The last lines of a server’s standard error, and how far its calls are. */
export class SaidLines {
  #lines: { text: string }[] = [];
  #cut = new BoundedLines(longest);

  take(bytes: Uint8Array): void {
    const lines = this.#cut.take(bytes);
    if (lines) for (const line of lines) this.say(line);
    else {
      this.#cut = new BoundedLines(longest);
      this.say(`${Buffer.from(bytes).toString('utf8').slice(0, longest)}…`);
    }
  }

  say(line: string): void {
    this.#add({ text: shown(line) });
  }

  /** One line for each call, which says how far it is. */
  progressOf(tool: string): (told: Told) => void {
    let line: { text: string } | undefined;
    return ({ progress, total, message }) => {
      const far = total === undefined ? `${progress}` : `${progress} of ${total}`;
      const text = shown(`(${tool}: ${far}${message === undefined ? '' : `, ${message}`})`);
      if (line) line.text = text;
      else this.#add((line = { text }));
    };
  }

  all(): string[] {
    return this.#lines.map(({ text }) => text);
  }

  #add(line: { text: string }): void {
    this.#lines.push(line);
    if (this.#lines.length > mostLines) this.#lines.shift();
  }
}

const shown = (line: string) => shownText(line.slice(0, longest));
