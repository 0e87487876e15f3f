import styles from './SearchField.module.css';
import type { Suggestion } from './suggestions.ts';

export interface SuggestionListProps {
  suggestions: readonly Suggestion[];
  /** Which one Enter would take; -1 for none. */
  at: number;
  onTake: (suggestion: Suggestion) => void;
}

export function SuggestionList({ suggestions, at, onTake }: SuggestionListProps) {
  return (
    <ul
      id="search-suggestions"
      role="listbox"
      aria-label="Suggestions"
      className={styles.list}
      hidden={suggestions.length === 0}
    >
      {suggestions.map((suggestion, index) => (
        <li
          key={suggestion.label}
          id={`suggestion-${index}`}
          role="option"
          aria-selected={index === at}
          className={styles.option}
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(suggestion);
          }}
        >
          <code>{suggestion.label}</code>
          <span className={styles.detail}>{suggestion.detail}</span>
        </li>
      ))}
    </ul>
  );
}
