import type { RefObject } from 'react';
import styles from './AuditScreen.module.css';
import { FilterChips } from './FilterChips.tsx';
import type { Term } from './search-syntax.ts';
import { SearchField } from './SearchField.tsx';
import { Standing } from './Standing.tsx';

export interface AuditHeadProps {
  text: string;
  terms: readonly Term[];
  actors: readonly string[];
  field: RefObject<HTMLInputElement | null>;
  onText: (text: string) => void;
  onDone: () => void;
  onDialog: (dialog: 'verify' | 'export') => void;
}

/** The search with its chips, how the record stands, and what one does with all of it. */
export function AuditHead({ text, terms, actors, field, onText, onDone, onDialog }: AuditHeadProps) {
  return (
    <header className={styles.head}>
      <h1>Audit</h1>
      <SearchField text={text} onText={onText} onDone={onDone} actors={actors} field={field} />
      <div className={styles.chips}>
        <FilterChips text={text} terms={terms} actors={actors} onText={onText} />
      </div>
      <Standing onVerify={() => onDialog('verify')} onExport={() => onDialog('export')} />
    </header>
  );
}
