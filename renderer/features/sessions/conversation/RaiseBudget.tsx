import { useState } from 'react';
import type { AgentSession } from '../../../../shared/agent-session.ts';
import { useHouse } from '../../../bridge/house.ts';
import { ProblemNote } from '../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../bridge/use-task.ts';
import { Button } from '../../../ui/Button.tsx';
import { Field, TextInput } from '../../../ui/Field.tsx';
import { hashOf } from '../../../ui/place.ts';
import styles from './RaiseBudget.module.css';

/** It stopped before a call that its budget does not hold: it goes on when there is more, or when it is told to try again. */
export function RaiseBudget({ session }: { session: AgentSession }) {
  const { client } = useHouse();
  const [dollars, setDollars] = useState('');
  const [tokens, setTokens] = useState('');
  const micros = /^\d+(\.\d{1,6})?$/.test(dollars) ? Math.round(Number(dollars) * 1_000_000) : null;
  const count = /^[1-9]\d{0,11}$/.test(tokens) ? Number(tokens) : null;
  const wrong = (dollars !== '' && !micros) || (tokens !== '' && !count);
  const raise = useTask(async (_signal) => {
    if (micros || count) {
      await client.budgets.raise({
        session: session.id,
        ...(count && { tokens: count }),
        ...(micros && { micros }),
      });
    }
    await client.agentSessions.resume({ session: session.id });
  });
  return (
    <section className={styles.raise} aria-label="Its budget is used up">
      <p>{session.detail ?? 'Its budget is used up.'}</p>
      <div className={styles.line}>
        <Field label="This session may cost, in dollars">
          {(control) => (
            <TextInput
              {...control}
              value={dollars}
              onChange={(event) => setDollars(event.target.value.trim())}
            />
          )}
        </Field>
        <Field label="or take, in tokens">
          {(control) => (
            <TextInput
              {...control}
              value={tokens}
              onChange={(event) => setTokens(event.target.value.trim())}
            />
          )}
        </Field>
        <Button look="lead" busy={raise.busy} disabled={wrong} onClick={() => void raise.run()}>
          {micros || count ? 'Raise and go on' : 'Try again'}
        </Button>
      </div>
      <p className={styles.soft}>
        A budget of the day or of everything is raised in <a href={hashOf('settings')}>Settings</a>, one of
        the agent in <a href={hashOf('agents', { agent: session.agent, look: 'form' })}>its file</a>.
      </p>
      <ProblemNote problem={raise.problem} />
    </section>
  );
}
