import { useMemo } from 'react';
import { type Approval, waits } from '../../../shared/approval.ts';
import { useKnownApprovals } from '../../bridge/approvals.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Button } from '../../ui/Button.tsx';
import { ChoiceList } from '../../ui/ChoiceList.tsx';
import { Age } from '../../ui/Age.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { stay, usePlace } from '../../ui/place.ts';
import { outcomeWords, toneOf } from './approval-words.ts';
import styles from './ApprovalsScreen.module.css';
import { ApprovalView } from './ApprovalView.tsx';
import { RulesView } from './RulesView.tsx';

/** One inbox for everything that waits for the person, the oldest first. */
export function ApprovalsScreen() {
  const { all, problem } = useKnownApprovals();
  const { params } = usePlace();
  const rules = params.get('look') === 'rules';
  const groups = useMemo(() => grouped(all), [all]);
  const chosen = all?.get(params.get('approval') ?? '') ?? groups[0]?.approvals[0];
  const waiting = groups[0]?.label === 'Waiting' ? groups[0].approvals.length : 0;
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>Approvals</h1>
        <span className={styles.count} role="status">
          {waiting === 0 ? 'nothing waits' : `${waiting} waiting`}
        </span>
        <Button look="ghost" aria-pressed={rules} onClick={() => stay(rules ? {} : { look: 'rules' })}>
          Rules
        </Button>
      </header>
      <div className={styles.list}>
        <ProblemNote problem={problem} />
        {groups.map(({ label, approvals }) => (
          <section key={label} aria-label={label}>
            {label !== 'Waiting' && <h2 className={styles.group}>{label}</h2>}
            <ChoiceList
              label={label}
              choices={approvals.map(choiceOf)}
              chosen={rules ? undefined : chosen?.id}
              onChoose={(approval) => stay({ approval })}
            />
          </section>
        ))}
      </div>
      <div className={styles.view}>
        {rules && <RulesView />}
        {!rules && chosen && <ApprovalView key={chosen.id} approval={chosen} />}
        {!rules && all && !chosen && (
          <Empty title="Nothing waits for you">
            When an agent comes to one of your boundaries, it stops and asks here. Its sandbox holds it
            meanwhile.
          </Empty>
        )}
      </div>
    </div>
  );
}

interface Group {
  readonly label: string;
  readonly approvals: readonly Approval[];
}

function grouped(all: ReadonlyMap<string, Approval> | null): Group[] {
  const list = [...(all?.values() ?? [])];
  const oldest = (state: Approval['state']) =>
    list.filter((each) => each.state === state).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const settled = list
    .filter(({ state }) => !waits(state))
    .toSorted((a, b) => ((a.settled?.time ?? '') < (b.settled?.time ?? '') ? 1 : -1));
  return [
    { label: 'Waiting', approvals: oldest('pending') },
    { label: 'Not now', approvals: oldest('deferred') },
    { label: 'Answered', approvals: settled },
  ].filter(({ approvals }) => approvals.length > 0);
}

function choiceOf(approval: Approval) {
  const { id, line, agent, asked, settled } = approval;
  const words = outcomeWords(approval);
  return {
    id,
    tone: toneOf(approval),
    state: words,
    title: <code>{line}</code>,
    detail: (
      <>
        {agent} · {settled ? `${words} · ` : ''}
        <Age time={settled?.time ?? asked} />
      </>
    ),
  };
}
