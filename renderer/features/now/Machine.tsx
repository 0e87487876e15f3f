import type { MachineFinding } from '../../../shared/contract/house.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Row, Rows, Section } from '../../ui/Card.tsx';
import { Dot, type DotTone } from '../../ui/Dot.tsx';
import styles from './Machine.module.css';

const tones: Record<MachineFinding['state'], DotTone> = { ok: 'good', warning: 'waits', missing: 'quiet' };
const words: Record<MachineFinding['state'], string> = {
  ok: 'fine',
  warning: 'needs a look',
  missing: 'missing',
};
const urgency: readonly MachineFinding['state'][] = ['warning', 'missing', 'ok'];

/** What Holdfast found on this machine; what needs a look comes first, with its mend. */
export function Machine({ findings }: { findings: readonly MachineFinding[] }) {
  const { client } = useHouse();
  const look = useTask((_signal) => client.house.doctor({ rebuild: false }));
  const sorted = findings.toSorted((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state));
  return (
    <Section
      title="This machine"
      aside={
        <Button look="ghost" busy={look.busy} onClick={() => void look.run()}>
          Look again
        </Button>
      }
    >
      <ProblemNote problem={look.problem} />
      <Rows label="What was found on this machine">
        {sorted.map(({ id, name, state, detail, mend }) => (
          <Row
            key={id}
            mark={<Dot tone={tones[state]} label={words[state]} />}
            title={name}
            detail={
              <>
                {detail}
                {mend && <span className={styles.mend}>{mend}</span>}
              </>
            }
            right={state !== 'ok' && words[state]}
          />
        ))}
      </Rows>
    </Section>
  );
}
