import { useState } from 'react';
import { planSchema, type Plan } from '../../../shared/plan.ts';
import type { Run } from '../../../shared/run.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextArea } from '../../ui/Field.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import styles from './PlanQuestion.module.css';
import { useBeyond } from './use-beyond.ts';

/** A plan that waits for the person: as it is, changed, with more than was granted, or not at all. */
export function PlanQuestion({ run }: { run: Run }) {
  const { client } = useHouse();
  const beyond = useBeyond(run);
  const [text, setText] = useState<string | null>(null);
  const answer = useTask(
    async (_signal, what: { answer: 'start' | 'refuse'; plan?: Plan; widen?: boolean }) => {
      await client.runs.answerPlan({ run: run.id, ...what });
      setText(null);
    },
  );
  const edit = useTask(async (signal) => {
    const { plan } = await client.runs.plan({ run: run.id }, { signal });
    setText(JSON.stringify(plan, null, 2));
  });
  const start = () => void answer.run({ answer: 'start' });
  useShortcuts('This plan', [
    { keys: 'mod enter', title: 'Start it', run: start },
    { keys: 'e', title: 'Change it', run: () => void edit.run() },
    { keys: 'd', title: 'Refuse it', run: () => void answer.run({ answer: 'refuse' }) },
  ]);
  const read = readPlan(text);
  return (
    <section className={styles.question} aria-label="This plan waits for you">
      <div className={styles.words}>
        <h2>This plan waits for you</h2>
        {beyond.length === 0 ? (
          <p>Look at its parts and what each may do, then let it start.</p>
        ) : (
          <>
            <p>It asks for more than you granted:</p>
            <ul className={styles.beyond} aria-label="What it asks for beyond what was granted">
              {beyond.map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          </>
        )}
        <ProblemNote problem={answer.problem ?? edit.problem} />
      </div>
      <div className={styles.actions}>
        <Button
          look="danger"
          keys="d"
          busy={answer.busy}
          onClick={() => void answer.run({ answer: 'refuse' })}
        >
          Refuse
        </Button>
        <Button keys="e" busy={edit.busy} onClick={() => void edit.run()}>
          Change…
        </Button>
        {beyond.length > 0 && (
          <Button busy={answer.busy} onClick={() => void answer.run({ answer: 'start', widen: true })}>
            Grant it and start
          </Button>
        )}
        <Button look="lead" keys="mod enter" busy={answer.busy} onClick={start}>
          {beyond.length > 0 ? 'Start without it' : 'Start'}
        </Button>
      </div>
      <Dialog
        title="Change the plan"
        words="It is checked again before it starts: roles, parameters, what follows from what, and what each part may do."
        open={text !== null}
        onClose={() => setText(null)}
        wide
        lead={{
          label: 'Start it so',
          disabled: read.plan === null,
          busy: answer.busy,
          run: () => read.plan && void answer.run({ answer: 'start', plan: read.plan }),
        }}
      >
        <Field label="The plan" wrong={read.wrong}>
          {(control) => (
            <TextArea
              {...control}
              mono
              rows={18}
              value={text ?? ''}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <ProblemNote problem={answer.problem} />
      </Dialog>
    </section>
  );
}

function readPlan(text: string | null): { plan: Plan | null; wrong?: string } {
  if (text === null) return { plan: null };
  try {
    const read = planSchema.safeParse(JSON.parse(text));
    if (read.success) return { plan: read.data };
    const [first] = read.error.issues;
    return { plan: null, wrong: [...(first?.path ?? []), first?.message].join(': ') };
  } catch (thrown) {
    return { plan: null, wrong: thrown instanceof Error ? thrown.message : 'It is not JSON.' };
  }
}
