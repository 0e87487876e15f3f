import { useState } from 'react';
import type { Session } from '../../../../shared/session.ts';
import { BudgetField } from '../../../bridge/BudgetField.tsx';
import { readBudget } from '../../../bridge/budget-field.ts';
import { spentWords, useBudgetAccounts } from '../../../bridge/budgets.ts';
import { useHouse } from '../../../bridge/house.ts';
import { ProblemNote } from '../../../bridge/ProblemNote.tsx';
import { isLive } from '../../../bridge/session-standing.ts';
import { useTask } from '../../../bridge/use-task.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { say } from '../../../ui/Toast.tsx';
import styles from './Work.module.css';

/** What it spent on models that it asked through Holdfast; nothing where it asked none. */
export function WorkBudget({ session }: { session: Session }) {
  const { client } = useHouse();
  const account = useBudgetAccounts()?.find(({ kind, of }) => kind === 'session' && of === session.id);
  const [raising, setRaising] = useState(false);
  const [text, setText] = useState('');
  const { budget, wrong } = readBudget(text);
  const raise = useTask(async (_signal) => {
    const { tokens, micros } = budget ?? {};
    await client.work.raise({
      session: session.id,
      ...(tokens && { tokens }),
      ...(micros && { micros }),
    });
    setRaising(false);
    say('It has its new budget: what it asks next counts against it.');
  });
  if (!account) return null;
  return (
    <section>
      <h2>Models</h2>
      <p className={styles.spent}>
        <span>Spent {spentWords(account)}</span>
        {isLive(session) && (
          <Button look="ghost" onClick={() => setRaising(true)}>
            Raise…
          </Button>
        )}
      </p>
      <Dialog
        title="Raise its budget"
        words="What this session may spend in all on models that it asks through Holdfast."
        open={raising}
        onClose={() => setRaising(false)}
        lead={{ label: 'Raise', disabled: !budget, busy: raise.busy, run: () => void raise.run() }}
      >
        <BudgetField value={text} wrong={wrong} onChange={setText} />
        <ProblemNote problem={raise.problem} />
      </Dialog>
    </section>
  );
}
