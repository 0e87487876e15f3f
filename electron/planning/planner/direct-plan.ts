import type { Plan } from '../../../shared/plan.ts';
import { wordsAsWritten } from '../values/places.ts';

const contract = `How this is done
- You do all of it in this one session; nobody plans further and nobody comes after you.
- Where it names a file to leave, the last thing you do before you answer is to write that file with file_write, whole. Saying what you would write is not writing it.
- Other files of yours go into {run}.
- Your last answer is the result that is shown: what came out of it first, then which files you left, then what is open.`;

/** One part that does the whole goal itself. */
export function directPlan(goal: string, role: string): Plan {
  const task = `${wordsAsWritten(goal)}\n\n${contract}`;
  return {
    final_output: '',
    subtasks: [
      { id: 'work', role, title: titleOf(goal), params: { task }, depends_on: [], current_model_tier: 0 },
    ],
  };
}

export function titleOf(goal: string): string {
  const [line = ''] = goal.trim().split('\n');
  return line.length > 80 ? `${line.slice(0, 79).trimEnd()}…` : line;
}
