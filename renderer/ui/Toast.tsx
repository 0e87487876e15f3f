import { create } from 'zustand';
import { Dot, type DotTone } from './Dot.tsx';
import styles from './Toast.module.css';

interface Said {
  id: number;
  words: string;
  tone: DotTone;
}

const useSaid = create<{ said: readonly Said[] }>(() => ({ said: [] }));
let last = 0;

/** Says something that needs no answer. It leaves by itself after a few seconds. */
export function say(words: string, tone: DotTone = 'good'): void {
  const id = ++last;
  useSaid.setState(({ said }) => ({ said: [...said.slice(-2), { id, words, tone }] }));
  setTimeout(() => useSaid.setState(({ said }) => ({ said: said.filter((one) => one.id !== id) })), 6000);
}

/** Where `say` is heard: one live region, always there, so that readers announce what enters it. */
export function Toasts() {
  const said = useSaid((state) => state.said);
  return (
    <div className={styles.toasts} role="status" aria-live="polite">
      {said.map((one) => (
        <div key={one.id} className={styles.toast}>
          <Dot tone={one.tone} />
          {one.words}
        </div>
      ))}
    </div>
  );
}
