export interface Failure {
  name: string;
  text: string;
}

export interface Skip {
  name: string;
  reason: string;
}

/** What one suite came to. Every test is in exactly one of the three. */
export interface Outcome {
  passed: number;
  failures: Failure[];
  skips: Skip[];
}

export interface SuiteOutcome extends Outcome {
  suite: string;
  milliseconds: number;
}

export const nothing: Outcome = { passed: 0, failures: [], skips: [] };

export const failed = (name: string, text: string): Outcome => ({ ...nothing, failures: [{ name, text }] });

export const skipped = (name: string, reason: string): Outcome => ({ ...nothing, skips: [{ name, reason }] });

export function joined(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
    skips: outcomes.flatMap(({ skips }) => skips),
  };
}

/** A suite in which nothing ran has shown nothing: it counts as failed. */
export function refuseEmpty(outcome: Outcome): Outcome {
  const { passed, failures, skips } = outcome;
  const ran = passed + failures.length + skips.length > 0;
  return ran ? outcome : failed('the suite itself', 'No test was run.');
}

/** The sum over all suites; always the last line that is printed. */
export function sumLine(outcomes: readonly Outcome[]): string {
  const { passed, failures, skips } = joined(outcomes);
  return `${passed} passed, ${failures.length} failed, ${skips.length} skipped`;
}

export function suiteLine({ suite, milliseconds, ...outcome }: SuiteOutcome): string {
  return `${suite.padEnd(8)} ${sumLine([outcome])} (${(milliseconds / 1000).toFixed(1)} s)`;
}
