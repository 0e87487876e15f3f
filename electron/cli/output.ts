import { styleText } from 'node:util';

export type Tone = 'plain' | 'quiet' | 'good' | 'warning' | 'bad' | 'strong';

const styles = { quiet: 'dim', good: 'green', warning: 'yellow', bad: 'red', strong: 'bold' } as const;

/** What the command line says: one JSON document (or JSON lines) for programs, calm aligned text for people. */
export class Output {
  readonly json: boolean;

  constructor(json: boolean) {
    this.json = json;
  }

  /** The result: the value for programs, the lines for people. */
  result(value: unknown, lines: () => readonly string[]): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    else for (const line of lines()) process.stdout.write(`${line}\n`);
  }

  /** One part of a stream. Resolves when the reader can take more. */
  async item(value: unknown, line: () => string): Promise<void> {
    const text = this.json ? JSON.stringify(value) : line();
    if (!process.stdout.write(`${text}\n`))
      await new Promise((resolve) => process.stdout.once('drain', resolve));
  }

  /** Words beside the result, for people only. */
  say(text: string): void {
    if (!this.json) process.stderr.write(`${text}\n`);
  }

  /** How far something is, on one line that is written over; nothing where nobody watches. */
  progress({ phase, done, total }: { phase: string; done: number; total: number }): void {
    if (this.json || !process.stderr.isTTY) return;
    const percent = total > 0 ? ` ${Math.floor((done / total) * 100)} %` : '';
    process.stderr.write(`\r\u001B[K${phase}${percent}`);
  }

  /** The same in words; where nobody watches, each on a line of its own. */
  waiting(text: string): void {
    if (this.json) return;
    process.stderr.write(process.stderr.isTTY ? `\r\u001B[K${text}` : `${text}\n`);
  }

  progressEnd(): void {
    if (!this.json && process.stderr.isTTY) process.stderr.write('\r\u001B[K');
  }
}

/** Coloured on a terminal that wants it (NO_COLOR is honoured), plain everywhere else. */
export function tinted(tone: Tone, text: string): string {
  return tone === 'plain' ? text : styleText(styles[tone], text, { stream: process.stdout });
}

// What came from elsewhere must not move the cursor or change the window's title.
const controls =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]/gu;

export function harmless(text: string): string {
  return text.replaceAll(controls, '\uFFFD');
}

/** Columns as wide as their widest cell; the last one is left as it is. */
export function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** A time in the words of this place. */
export function moment(time: string): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
