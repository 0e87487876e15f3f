import type { MachineFinding } from '../../shared/contract/house.ts';
import { Row } from '../ui/Card.tsx';
import { Dot, type DotTone } from '../ui/Dot.tsx';
import { Prose } from '../ui/Prose.tsx';
import styles from './FindingRow.module.css';

const tones: Record<MachineFinding['state'], DotTone> = { ok: 'good', warning: 'waits', missing: 'quiet' };
const words: Record<MachineFinding['state'], string> = {
  ok: 'fine',
  warning: 'needs a look',
  missing: 'missing',
};

/** One thing that was looked for on this machine, with its mend. */
export function FindingRow({ finding: { name, state, detail, mend } }: { finding: MachineFinding }) {
  return (
    <Row
      mark={<Dot tone={tones[state]} label={words[state]} />}
      title={name}
      detail={
        <>
          <Prose>{detail}</Prose>
          {mend && (
            <span className={styles.mend}>
              <Prose>{mend}</Prose>
            </span>
          )}
        </>
      }
      right={state !== 'ok' && words[state]}
    />
  );
}
