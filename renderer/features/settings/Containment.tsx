import type { MachineFinding } from '../../../shared/contract/house.ts';
import { useHouse, useStatus } from '../../bridge/house.ts';
import { FindingRow } from '../../bridge/FindingRow.tsx';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Rows, Section } from '../../ui/Card.tsx';
import styles from './Containment.module.css';
import { SettingField } from './SettingField.tsx';
import { sandboxUidSetting } from './setting-texts.ts';
import form from './SettingsForm.module.css';
import { getSettings, useAnswer } from '../../bridge/use-answer.ts';

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
      {machine.some(({ id }) => id === 'sandbox-account') && (
        <AccountOfSandboxes onSaved={() => void look.run()} />
      )}
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

/** Only root's sandboxes run under another account than its own. */
function AccountOfSandboxes({ onSaved }: { onSaved: () => void }) {
  const { value, problem } = useAnswer(getSettings, ['setting.changed']);
  return (
    <div className={styles.layers}>
      <Card className={form.card}>
        {value && <SettingField setting={sandboxUidSetting} value={value['sandbox.uid']} onSaved={onSaved} />}
        <ProblemNote problem={problem} />
      </Card>
    </div>
  );
}
