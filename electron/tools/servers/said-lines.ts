import { BoundedLines } from './bounded-lines.ts';
import { shownText } from './shown-text.ts';

const mostLines = 200;
const longest = 2000;

/** The last lines of a server’s standard error. */
export class SaidLines {
  #lines: string[] = [];
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
    this.#lines.push(shownText(line.slice(0, longest)));
    if (this.#lines.length > mostLines) this.#lines.shift();
  }

  all(): string[] {
    return [...this.#lines];
  }
}
