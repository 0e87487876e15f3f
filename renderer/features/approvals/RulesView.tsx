import { useState } from 'react';
import type { Rule } from '../../../shared/rule.ts';
import type { Client } from '../../bridge/client.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useAnswer } from '../../bridge/use-answer.ts';
import { useTask } from '../../bridge/use-task.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { Row, Rows } from '../../ui/Card.tsx';
import { Dot, type DotTone } from '../../ui/Dot.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { say } from '../../ui/Toast.tsx';
import { plural } from '../../ui/words.ts';
import { NewRuleDialog } from './NewRuleDialog.tsx';
import styles from './RulesView.module.css';

const tones: Record<Rule['effect'], DotTone> = { allow: 'good', ask: 'waits', deny: 'refused' };

const listRules = (client: Client, signal: AbortSignal) => client.rules.list({}, { signal });

/** Standing answers: what each lets happen, where it came from, how often it decided. */
export function RulesView() {
  const [making, setMaking] = useState(false);
  const { value: rules, problem, again } = useAnswer(listRules, ['rule.*']);
  return (
    <section className={styles.rules} aria-label="Rules">
      <header className={styles.head}>
        <h2>Rules</h2>
        <Button onClick={() => setMaking(true)}>New rule…</Button>
      </header>
      <p className={styles.soft}>
        Your rules beat what an agent’s file says. Among them a denial wins, then what is more specific, then
        what asks. They look at what is called; the sandbox is what holds.
      </p>
      <ProblemNote problem={problem} />
      {rules?.length === 0 && (
        <Empty title="No rules yet">Answer “always” to an approval, or make a rule here.</Empty>
      )}
      {rules && rules.length > 0 && (
        <Rows label="Rules">
          {rules.map((rule) => (
            <RuleRow key={rule.id} rule={rule} onGone={again} />
          ))}
        </Rows>
      )}
      <NewRuleDialog
        open={making}
        onClose={() => setMaking(false)}
        onMade={() => {
          setMaking(false);
          again();
        }}
      />
    </section>
  );
}

function RuleRow({ rule, onGone }: { rule: Rule; onGone: () => void }) {
  const { client } = useHouse();
  const remove = useTask(async (_signal) => {
    await client.rules.remove({ rule: rule.id });
    say('The rule is gone.');
    onGone();
  });
  return (
    <Row
      mark={<Dot tone={tones[rule.effect]} label={rule.effect} />}
      title={rule.words}
      detail={
        <>
          {rule.warnings.map((warning) => (
            <span key={warning} className={styles.warning}>
              {warning}
            </span>
          ))}
          added <Age time={rule.added} /> · decided {plural(rule.used, 'call')}
          {rule.expires && ` · until ${new Date(rule.expires).toLocaleString()}`}
          <ProblemNote problem={remove.problem} />
        </>
      }
      right={
        <Button
          look="ghost"
          busy={remove.busy}
          aria-label={`Remove the rule: ${rule.words}`}
          onClick={() => void remove.run()}
        >
          Remove
        </Button>
      }
    />
  );
}
