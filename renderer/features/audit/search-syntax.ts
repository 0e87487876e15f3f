import type { EventFilter } from '../../../shared/contract/record.ts';
import { timeOf } from './search-time.ts';

/** Fields of the search, each with what it narrows by. */
export const searchFields = {
  kind: 'a kind or a family, such as tool.*',
  actor: 'who did it: operator, system, client or a name',
  run: 'the id of a run',
  session: 'the id of a session',
  subtask: 'the id of a subtask',
  agent: 'the name of an agent',
  since: 'a time: 10m, 2h, today, 2026-01-31',
  until: 'a time, as with since',
} as const;

export type SearchField = keyof typeof searchFields;

export interface Term {
  readonly field: SearchField | null;
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

export interface Search {
  readonly filter: EventFilter;
  readonly terms: readonly Term[];
  /** Sentences about what was not understood; the rest still counts. */
  readonly problems: readonly string[];
  /** `#48209`: not a filter but a place. */
  readonly jump: number | null;
}

const termPattern = /([A-Za-z]+):(?=\s|$)|(?:([A-Za-z]+):)?(?:"([^"]*)"?|(\S+))/g;

export function isSearchField(name: string): name is SearchField {
  return Object.hasOwn(searchFields, name);
}

export function termsOf(text: string): Term[] {
  return [...text.matchAll(termPattern)].map((match) => {
    const [all, lonely, name, quoted, plain] = match;
    const field = (name ?? lonely)?.toLowerCase() ?? '';
    const value = quoted ?? plain ?? '';
    const range = { from: match.index, to: match.index + all.length };
    if (isSearchField(field)) return { field, value, ...range };
    return { field: null, value: quoted !== undefined && !name ? quoted : all, ...range };
  });
}

/** What was typed, as a filter. `now` is what `since:10m` counts from. */
export function parseSearch(text: string, now: Date): Search {
  const terms = termsOf(text);
  const filter: { -readonly [Key in keyof EventFilter]: EventFilter[Key] } = {};
  const problems: string[] = [];
  const words: string[] = [];
  let jump: number | null = null;
  for (const { field, value } of terms) {
    if (field === null) {
      const place = /^#(\d{1,15})$/.exec(value)?.[1];
      if (place) jump = Number(place);
      else words.push(value);
      const unknown = /^([A-Za-z]+):(?!\/\/)/.exec(value)?.[1];
      if (unknown) problems.push(`There is no field “${unknown}:”, so it is looked for as a word.`);
    } else if (value === '') {
      problems.push(`“${field}:” waits for ${searchFields[field]}.`);
    } else if (field === 'kind') {
      filter.kinds = [...(filter.kinds ?? []), ...value.split(',').filter(Boolean)];
    } else if (field === 'since' || field === 'until') {
      const time = timeOf(value, field, now);
      if (time) filter[field] = time.toISOString();
      else problems.push(`“${value}” is no time: write 10m, 2h, 3d, today, yesterday or 2026-01-31.`);
    } else {
      if (filter[field] !== undefined) problems.push(`“${field}:” counts once; the last one is taken.`);
      filter[field] = value;
    }
  }
  if (words.length > 0) filter.text = words.join(' ').slice(0, 500);
  return { filter, terms, problems, jump };
}

/** The text with one field set anew, or taken out with null. Everything else stays as it was typed. */
export function withField(text: string, field: SearchField, value: string | null): string {
  const kept = termsOf(text)
    .filter((term) => term.field !== field)
    .map((term) => text.slice(term.from, term.to));
  if (value !== null) kept.unshift(`${field}:${/\s/.test(value) ? `"${value}"` : value}`);
  return kept.join(' ');
}

export function fieldValue(terms: readonly Term[], field: SearchField): string | null {
  return terms.findLast((term) => term.field === field && term.value !== '')?.value ?? null;
}
