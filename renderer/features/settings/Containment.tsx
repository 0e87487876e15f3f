import type { MachineFinding } from '../../../shared/contract/house.ts';
import { useHouse, useStatus } from '../../bridge/house.ts';
import { FindingRow } from '../../bridge/FindingRow.tsx';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import styles from './Containment.module.css';

const parts = [
  { part: 'namespace', title: 'This system’s own namespaces' },
  { part: 'container', title: 'Containers' },
] as const;

/** Layer by layer what can hold something in on this machine, and the mend of what cannot. */
export function Containment() {
  const { client } = useHouse();
  const machine = useStatus()?.machine ?? [];
  const look = useTask((_signal) => client.house.doctor({ rebuild: false }));
  return (
    <Section
      title="Containment"
      aside={
        <Button look="ghost" busy={look.busy} onClick={() => void look.run()}>
          Look again
        </Button>
      }
    >
      <ProblemNote problem={look.problem} />
      {parts.map(({ part, title }) => (
        <Layers key={part} title={title} findings={machine.filter((finding) => finding.part === part)} />
      ))}
    </Section>
  );
}

function Layers({ title, findings }: { title: string; findings: readonly MachineFinding[] }) {
  return (
    <div className={styles.layers}>
      <h3>{title}</h3>
      <Rows label={title}>
        {findings.map((finding) => (
          <FindingRow key={finding.id} finding={finding} />
        ))}
      </Rows>
    </div>
  );
}
