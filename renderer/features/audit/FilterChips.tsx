import { ChipMenu } from '../../ui/Menu.tsx';
import { fieldValue, type SearchField, type Term, withField } from './search-syntax.ts';
import { kindFamilies } from './suggestions.ts';

export interface FilterChipsProps {
  text: string;
  terms: readonly Term[];
  actors: readonly string[];
  onText: (text: string) => void;
}

const times = [
  { value: '10m', label: 'Last 10 minutes' },
  { value: '1h', label: 'Last hour' },
  { value: 'today', label: 'Today' },
  { value: 'yesterday', label: 'Since yesterday' },
  { value: '7d', label: 'Last 7 days' },
];

const timeWords = (value: string | null) => times.find((time) => time.value === value)?.label ?? value;

/** The filters one needs most, each a word in the search: the text stays the whole truth. */
export function FilterChips({ text, terms, actors, onText }: FilterChipsProps) {
  const set = (field: SearchField) => (value: string | null) => onText(withField(text, field, value));
  const since = fieldValue(terms, 'since');
  return (
    <>
      <ChipMenu
        label="Kind"
        none="Any kind"
        value={fieldValue(terms, 'kind')}
        options={kindFamilies.map((family) => ({ value: family, label: family }))}
        onChange={set('kind')}
      />
      <ChipMenu
        label="Actor"
        none="Anybody"
        value={fieldValue(terms, 'actor')}
        options={actors.map((actor) => ({ value: actor, label: actor }))}
        onChange={set('actor')}
      />
      <ChipMenu
        label="Time"
        none="Any time"
        value={since}
        shown={timeWords(since)}
        options={times}
        onChange={set('since')}
      />
    </>
  );
}
