import type { DeclarationProblem } from '../../../shared/contract/agents.ts';
import { placeOfProblem } from './agent-words.ts';
import styles from './ProblemList.module.css';

/** What is wrong with a file, each with its place; `onGo` leads there. */
export function ProblemList({
  problems,
  onGo,
}: {
  problems: readonly DeclarationProblem[];
  onGo?: (problem: DeclarationProblem) => void;
}) {
  if (problems.length === 0) return null;
  return (
    <ul className={styles.problems} aria-label="Problems of this file">
      {problems.map((problem) => {
        const place = placeOfProblem(problem);
        return (
          <li key={`${place} ${problem.message}`}>
            {onGo ? (
              <button type="button" className={styles.place} onClick={() => onGo(problem)}>
                {place}
              </button>
            ) : (
              <span className={styles.place}>{place}</span>
            )}
            <span>{problem.message}</span>
          </li>
        );
      })}
    </ul>
  );
}
