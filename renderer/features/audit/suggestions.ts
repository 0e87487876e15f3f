import { eventKinds } from '../../../shared/events/catalogue.ts';
import { isSearchField, searchFields, type SearchField } from './search-syntax.ts';

export interface Suggestion {
  /** What stands in the field when it is taken. */
  readonly text: string;
  /** Where the cursor is then. */
  readonly cursor: number;
  readonly label: string;
  readonly detail: string;
}

/** `tool.*`, `record.*`, … as the catalogue has them. */
export const kindFamilies = [...new Set(eventKinds.map((kind) => `${kind.split('.')[0]}.*`))];

const times = ['10m', '1h', 'today', 'yesterday', '7d'];

/** What could be meant by the word under the cursor; nothing while the word is complete. */
export function suggest(text: string, cursor: number, actors: readonly string[]): Suggestion[] {
  const from = text.slice(0, cursor).search(/\S*$/);
  const word = text.slice(from, cursor);
  const rest = text.slice(cursor).replace(/^\S*/, '');
  const [name, typed] = word.includes(':')
    ? [word.slice(0, word.indexOf(':')), word.slice(word.indexOf(':') + 1)]
    : [null, word];
  const take = (replacement: string, label: string, detail: string): Suggestion => ({
    text: text.slice(0, from) + replacement + rest,
    cursor: from + replacement.length,
    label,
    detail,
  });
  if (name === null) {
    if (word === '' && text !== '') return [];
    return (Object.keys(searchFields) as SearchField[])
      .filter((field) => field.startsWith(word.toLowerCase()) && field !== word)
      .map((field) => take(`${field}:`, `${field}:`, searchFields[field]));
  }
  if (!isSearchField(name)) return [];
  return valuesOf(name, actors)
    .filter(({ value }) => value.toLowerCase().includes(typed.toLowerCase()) && value !== typed)
    .toSorted((a, b) => Number(b.value.startsWith(typed)) - Number(a.value.startsWith(typed)))
    .slice(0, 8)
    .map(({ value, detail }) => take(`${name}:${value} `, value, detail));
}

function valuesOf(field: SearchField, actors: readonly string[]): { value: string; detail: string }[] {
  switch (field) {
    case 'kind':
      return [
        ...kindFamilies.map((value) => ({ value, detail: 'family' })),
        ...eventKinds.map((value) => ({ value, detail: 'kind' })),
      ];
    case 'actor':
      return actors.map((value) => ({ value, detail: 'actor' }));
    case 'since':
    case 'until':
      return times.map((value) => ({ value, detail: 'time' }));
    case 'run':
    case 'session':
    case 'subtask':
    case 'agent':
      return [];
  }
}
