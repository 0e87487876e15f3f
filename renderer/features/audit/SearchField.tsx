import { type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { Icon } from '../../ui/Icon.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import styles from './SearchField.module.css';
import { SuggestionList } from './SuggestionList.tsx';
import { suggest, type Suggestion } from './suggestions.ts';

export interface SearchFieldProps {
  text: string;
  onText: (text: string) => void;
  /** Enter or arrow down without a suggestion chosen: on to the list. */
  onDone: () => void;
  actors: readonly string[];
  field: RefObject<HTMLInputElement | null>;
}

/** One field for the whole search, with what could come next below it. */
export function SearchField({ text, onText, onDone, actors, field }: SearchFieldProps) {
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState(-1);
  const suggestions = cursor === null ? [] : suggest(text, cursor, actors);
  const open = suggestions.length > 0;
  const at = Math.min(chosen, suggestions.length - 1);

  // Before the next key arrives: somebody who types fast must not find the cursor elsewhere.
  const moved = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (moved.current === null) return;
    field.current?.setSelectionRange(moved.current, moved.current);
    moved.current = null;
  }, [text, field]);

  const take = (suggestion: Suggestion) => {
    onText(suggestion.text);
    setChosen(-1);
    setCursor(suggestion.cursor);
    moved.current = suggestion.cursor;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const picked = suggestions[at];
    if (event.key === 'ArrowDown' && open) setChosen(Math.min(at + 1, suggestions.length - 1));
    else if (event.key === 'ArrowUp' && open) setChosen(Math.max(at - 1, -1));
    else if ((event.key === 'Enter' || event.key === 'Tab') && picked) take(picked);
    else if (event.key === 'Enter' || event.key === 'ArrowDown') {
      setCursor(null);
      onDone();
    } else if (event.key === 'Escape') {
      if (open) setCursor(null);
      else if (text) onText('');
      else field.current?.blur();
    } else return;
    event.preventDefault();
  };

  return (
    <div className={styles.search}>
      <Icon name="search" />
      <input
        ref={field}
        className={styles.input}
        role="combobox"
        aria-label="Search the record"
        aria-expanded={open}
        aria-controls="search-suggestions"
        aria-autocomplete="list"
        aria-activedescendant={open && at >= 0 ? `suggestion-${at}` : undefined}
        aria-keyshortcuts="/"
        placeholder="kind:tool.* actor:release since:today words"
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          onText(event.target.value);
          setCursor(event.target.selectionStart);
          setChosen(-1);
        }}
        onFocus={(event) => setCursor(event.target.selectionStart)}
        onClick={(event) => setCursor(event.currentTarget.selectionStart)}
        onBlur={() => setCursor(null)}
        onKeyDown={onKeyDown}
      />
      {text ? (
        <button
          type="button"
          className={styles.clear}
          aria-label="Clear the search"
          onClick={() => onText('')}
        >
          <Icon name="close" />
        </button>
      ) : (
        <Kbd keys="/" />
      )}
      <SuggestionList suggestions={suggestions} at={at} onTake={take} />
    </div>
  );
}
