import { useState } from 'react';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { Button } from '../../ui/Button.tsx';
import { bytesOf } from '../../ui/words.ts';
import styles from './DataView.module.css';

/** More text than this is shown only on request: it would make the page slow to no use. */
const shortLength = 8_000;

const gone = {
  pruned: 'Its data was pruned by the policy of the settings. Its hash is still proven.',
  erased: 'Its data was erased. That it existed is still proven, what it said is not.',
} as const;

export function DataView({ event }: { event: RecordedEvent }) {
  const [whole, setWhole] = useState(false);
  if (event.payload !== 'present') {
    return (
      <section className={styles.data} aria-label="Data">
        <h2>Data</h2>
        <p className={styles.gone}>{gone[event.payload]}</p>
      </section>
    );
  }
  const text = JSON.stringify(event.data, null, 2);
  const cut = !whole && text.length > shortLength;
  return (
    <section className={styles.data} aria-label="Data">
      <h2>Data</h2>
      <pre className={styles.json} tabIndex={0}>
        {cut ? text.slice(0, shortLength) : text}
      </pre>
      {cut && (
        <Button look="ghost" onClick={() => setWhole(true)}>
          Show all {bytesOf(text.length)}
        </Button>
      )}
    </section>
  );
}
