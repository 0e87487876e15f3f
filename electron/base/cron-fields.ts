interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fields: readonly Field[] = [
  { name: 'minute', from: 0, to: 59, words: [] },
  { name: 'hour', from: 0, to: 23, words: [] },
  { name: 'day of the month', from: 1, to: 31, words: [] },
  { name: 'month', from: 1, to: 12, words: months },
  { name: 'day of the week', from: 0, to: 7, words: days },
];

/** What keeps a text from being the five fields of a schedule; null where nothing does. */
export function cronProblem(text: string): string | null {
  const given = text.trim().split(/\s+/);
  if (text.trim() === '' || given.length !== fields.length) {
    return `has ${text.trim() === '' ? 0 : given.length} fields instead of five: minute, hour, day, month, day of the week.`;
  }
  for (const [i, field] of fields.entries()) {
    const said = given[i]!;
    if (!said.split(',').every((part) => fits(part, field)))
      return `has “${said}” for the ${field.name}, which goes from ${field.from} to ${field.to}.`;
  }
  return null;
}

function fits(part: string, field: Field): boolean {
  const [, range = '', step] = /^([^/]*)(?:\/([0-9]{1,4}))?$/.exec(part) ?? [];
  if (range === '' || (step !== undefined && (Number(step) < 1 || Number(step) > field.to))) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => numberOf(end, field));
  const [first, last = first] = ends;
  if (ends.length > 2 || first === undefined || last === undefined) return false;
  // “5/15” means one thing to some and another to others.
  if (step !== undefined && ends.length === 1) return false;
  return first >= field.from && last <= field.to && first <= last;
}

function numberOf(text: string, { words, from }: Field): number | undefined {
  const word = words.indexOf(text.toLowerCase());
  if (word >= 0) return word + from;
  return /^[0-9]{1,2}$/.test(text) ? Number(text) : undefined;
}
