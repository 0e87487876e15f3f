import { isTooDeep } from '../../../shared/depth.ts';
import { type Plan, planSchema } from '../../../shared/plan.ts';
import { plainIssue } from '../../../shared/plain-issue.ts';

export interface ReadPlan {
  readonly plan: Plan | null;
  readonly problems: readonly string[];
}

const mostProblems = 50;

/** A planner’s answer as a plan: the first whole `{…}` of it, held to the plan’s form with all mistakes at once. */
export function readPlan(answer: string): ReadPlan {
  const text = firstObject(answer);
  if (text === null) {
    return { plan: null, problems: ['The answer holds no JSON object. Answer with the plan alone.'] };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (failure) {
    return { plan: null, problems: [`The answer is no JSON: ${(failure as Error).message}.`] };
  }
  return planOf(value);
}

/** What a file or an answer says, as a plan. */
export function planOf(value: unknown): ReadPlan {
  if (isTooDeep(value)) return { plan: null, problems: ['The plan is nested too deeply.'] };
  const parsed = planSchema.safeParse(value);
  if (parsed.success) return { plan: parsed.data, problems: [] };
  const problems = parsed.error.issues
    .slice(0, mostProblems)
    .map((issue) => `${placeOf(issue.path)} ${plainIssue(issue)}.`);
  return { plan: null, problems };
}

function placeOf(path: readonly PropertyKey[]): string {
  const place = path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`))
    .join('');
  return place === '' ? 'The plan' : place;
}

/** The first `{…}` whose braces close, those within texts not counted; null: there is none. */
export function firstObject(text: string): string | null {
  const from = text.indexOf('{');
  if (from < 0) return null;
  let depth = 0;
  let quoted = false;
  for (let i = from; i < text.length; i++) {
    const sign = text[i];
    if (quoted) {
      if (sign === '\\') i++;
      else if (sign === '"') quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === '{') depth++;
    else if (sign === '}' && --depth === 0) return text.slice(from, i + 1);
  }
  return null;
}
