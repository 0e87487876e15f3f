import { useState } from 'react';
import type { Client } from '../../bridge/client.ts';
import { ConfirmDialog } from '../../bridge/ConfirmDialog.tsx';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Row, Rows, Section } from '../../ui/Card.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { say } from '../../ui/Toast.tsx';
import { SecretDialog } from './SecretDialog.tsx';
import styles from './SettingsForm.module.css';
import { useAnswer } from '../../bridge/use-answer.ts';
import { useWanted, type Wanted } from './use-wanted.ts';

const listSecrets = (client: Client, signal: AbortSignal) => client.secrets.list(undefined, { signal });

/** Names of secrets. Their values go in and never come out here. */
export function Secrets(wish: Wanted) {
  const { client } = useHouse();
  const answer = useAnswer(listSecrets, ['secret.stored', 'secret.removed']);
  const [storing, setStoring] = useWanted('secret', wish);
  const [replacing, setReplacing] = useState<string | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const kept = answer.value;
  const close = () => {
    setStoring(false);
    setReplacing(null);
  };
  return (
    <Section title="Secrets" aside={<Button onClick={() => setStoring(true)}>Store a secret…</Button>}>
      <ProblemNote problem={answer.problem} />
      {kept && kept.secrets.length === 0 && (
        <Card>
          <Empty title="No secrets">
            Keys and passwords that runs will need. Holdfast takes their values out of everything before it is
            recorded.
          </Empty>
        </Card>
      )}
      {kept && kept.secrets.length > 0 && (
        <Rows label="Secrets">
          {kept.secrets.map(({ name, changed }) => (
            <Row
              key={name}
              title={<code>{name}</code>}
              detail={
                <>
                  changed <Age time={changed} />
                </>
              }
              right={
                <>
                  <Button look="ghost" onClick={() => setReplacing(name)} aria-label={`Replace ${name}`}>
                    Replace…
                  </Button>
                  <Button look="ghost" onClick={() => setRemoving(name)} aria-label={`Remove ${name}`}>
                    Remove…
                  </Button>
                </>
              }
            />
          ))}
        </Rows>
      )}
      {kept && (
        <p className={kept.warning ? styles.warning : styles.words}>{kept.warning ?? `Kept ${kept.kept}.`}</p>
      )}
      <SecretDialog open={storing || replacing !== null} name={replacing} onClose={close} />
      <ConfirmDialog
        title={`Remove ${removing ?? ''}`}
        words="Its value is gone for good, and what needs it will fail."
        label="Remove"
        open={removing !== null}
        deed={async () => {
          if (removing === null) return;
          await client.secrets.remove({ name: removing });
          say(`Removed ${removing}.`);
        }}
        onClose={() => setRemoving(null)}
      />
    </Section>
  );
}
