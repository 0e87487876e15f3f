import { useState } from 'react';
import { objectiveWorkSchema } from '../../../shared/objective.ts';
import { wordsOf } from '../../../shared/objective-words.ts';
import type { WantedWork } from '../../bridge/objectives.ts';
import { Button } from '../../ui/Button.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import styles from './ObjectiveSheet.module.css';
import { RunBegins } from './RunBegins.tsx';
import { WorkBegins } from './WorkBegins.tsx';

const tabs = [
  { value: 'goal' as const, label: 'Goal' },
  { value: 'recipe' as const, label: 'Recipe' },
  { value: 'agent' as const, label: 'Agent' },
  { value: 'command' as const, label: 'Command agent' },
];

/** What it begins: what is known already, or anything that can be started by hand. */
export function Begins({
  given,
  onWork,
  onOther,
}: {
  /** Null: it is chosen here. */
  given: WantedWork | null;
  onWork: (work: WantedWork | null) => void;
  onOther: () => void;
}) {
  const [kind, setKind] = useState<(typeof tabs)[number]['value']>('goal');
  if (given) {
    return (
      <div className={styles.given}>
        <p>{wordsOf(objectiveWorkSchema.parse(given))}</p>
        <Button onClick={onOther}>Something else…</Button>
      </div>
    );
  }
  return (
    <>
      <Tabs label="What it begins" shown={kind} tabs={tabs} onShow={setKind} />
      {kind === 'command' ? (
        <WorkBegins key={kind} onWork={onWork} />
      ) : (
        <RunBegins key={kind} kind={kind} onWork={onWork} />
      )}
    </>
  );
}
