import styles from './ProblemList.module.css';

/** Something wrong with a text, and where. Lines and columns count from 1. */
export interface PlacedProblem {
  readonly line: number;
  readonly column: number;
  readonly field: string;
  readonly message: string;
}

/** What is wrong with a file, each with its place; `onGo` leads there, and `text` shows the line where there is no other way to see it. */
export function ProblemList({
  problems,
  text,
  onGo,
}: {
  problems: readonly PlacedProblem[];
  text?: string;
  onGo?: (problem: PlacedProblem) => void;
}) {
  if (problems.length === 0) return null;
  const lines = text?.split('\n');
  return (
    <ul className={styles.problems} aria-label="Problems of this file">
      {problems.map((problem) => {
        const place = placeOfProblem(problem);
        const line = lines?.[problem.line - 1];
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
            {line !== undefined && line.trim() !== '' && (
              <code className={styles.line}>{excerptOf(line, problem.column)}</code>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function placeOfProblem({ line, column, field }: PlacedProblem): string {
  return `line ${line}, column ${column}${field === '' ? '' : `, ${field}`}`;
}

const longest = 80;

/** A line as it stands, or the part of a long one that the column lies in. */
function excerptOf(line: string, column: number): string {
  const from =
    line.length <= longest ? 0 : Math.max(0, Math.min(column - 1 - longest / 2, line.length - longest));
  const piece = line.slice(from, from + longest);
  return `${from > 0 ? '…' : ''}${from === 0 ? piece.trimStart() : piece}${from + longest < line.length ? '…' : ''}`;
}
