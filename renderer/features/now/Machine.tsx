import { useState } from 'react';
import type { MachineFinding } from '../../../shared/contract/house.ts';
import { FindingRow } from '../../bridge/FindingRow.tsx';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Row, Rows, Section } from '../../ui/Card.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { countOf } from '../../ui/words.ts';

const urgency: readonly MachineFinding['state'][] = ['warning', 'missing', 'ok'];

/** What Holdfast found on this machine. What is not fine comes first, with its mend; the rest is one line. */
export function Machine({ findings }: { findings: readonly MachineFinding[] }) {
  const { client } = useHouse();
  const [all, setAll] = useState(false);
  const look = useTask((_signal) => client.house.doctor({ rebuild: false }));
  const sorted = findings.toSorted((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state));
  const fine = sorted.filter(({ state }) => state === 'ok');
  const shown = all ? sorted : sorted.filter(({ state }) => state !== 'ok');
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
        {shown.map((finding) => (
          <FindingRow key={finding.id} finding={finding} />
        ))}
        {fine.length > 0 && (
          <Row
            mark={all ? null : <Dot tone="good" label="fine" />}
            title={
              all
                ? 'That is everything'
                : `${countOf(fine.length)} ${shown.length > 0 ? 'more ' : ''}are fine`
            }
            detail={!all && fine.map(({ name }) => name).join(', ')}
            right={
              <Button look="ghost" aria-expanded={all} onClick={() => setAll(!all)}>
                {all ? 'Show less' : 'Show all'}
              </Button>
            }
          />
        )}
      </Rows>
    </Section>
  );
}
