import type { Objective } from '../../../shared/objective.ts';
import { nextWords, objectiveStanding } from '../../bridge/objective-standing.ts';
import { ChoiceList } from '../../ui/ChoiceList.tsx';
import { useToday } from '../../ui/use-today.ts';
import { Marks } from './Marks.tsx';
import styles from './ObjectiveList.module.css';

/** Every objective with how it stands, how its last times went, and when it begins next. */
export function ObjectiveList({
  objectives,
  chosen,
  onChoose,
}: {
  objectives: readonly Objective[];
  chosen: string | undefined;
  onChoose: (name: string) => void;
}) {
  const today = useToday();
  const choices = objectives.map((objective) => {
    const { name, words, times, next, from } = objective;
    const standing = objectiveStanding(objective);
    return {
      id: name,
      tone: standing.tone,
      state: standing.words,
      title: (
        <span className={styles.titled}>
          <span className={styles.name}>{from === 'agent_file' ? name.replace('agent:', '') : name}</span>
          <Marks times={times} />
        </span>
      ),
      detail: (
        <>
          <span className={styles.line}>{words}</span>
          <span className={styles.line}>
            {next[0] === undefined ? standing.words : `next ${nextWords(new Date(next[0]), today)}`}
          </span>
        </>
      ),
    };
  });
  return <ChoiceList label="Objectives" choices={choices} chosen={chosen} onChoose={onChoose} />;
}
