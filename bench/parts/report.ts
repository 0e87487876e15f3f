/** Prints figures, each beside what it is compared with in the same run; absolute times say little on a shared machine. */
export interface Figure {
  name: string;
  figure: string;
  compared: string;
  /** What is held against the aim: a ratio or a bound. */
  value: number;
  aim: { atLeast: number } | { atMost: number };
  unit?: string;
}

const shown = (value: number, unit: string) => `${value >= 100 ? value.toFixed(0) : value.toFixed(2)}${unit}`;

/** One line a figure: name, figure, what it is compared with, ratio or bound, aim, and whether it was met. */
export function report({ name, figure, compared, value, aim, unit = '×' }: Figure): void {
  const [sign, bound] = 'atLeast' in aim ? ['≥', aim.atLeast] : ['≤', aim.atMost];
  const met = sign === '≥' ? value >= bound : value <= bound;
  const cells = [
    name,
    figure,
    compared,
    shown(value, unit),
    `${sign} ${shown(bound, unit)}`,
    met ? 'ok' : 'missed',
  ];
  console.log(cells.join('  |  '));
}

export const quick = process.argv.includes('--quick');

/** `--name value` from the command line as a number. */
export function numberOption(name: string, otherwise: number): number {
  const place = process.argv.indexOf(`--${name}`);
  return place < 0 ? otherwise : Number(process.argv[place + 1]);
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}

export const perSecond = (count: number, milliseconds: number) => (count / milliseconds) * 1000;
export const thousands = (value: number) => Math.round(value).toLocaleString('en');
