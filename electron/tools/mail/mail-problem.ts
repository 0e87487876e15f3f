import type { mailFields } from '../../../shared/contract/outside.ts';
import { Problem, type ProblemCode } from '../../../shared/problem.ts';

/** What kept a mail from going out, and which setting that is about. */
export class MailProblem extends Problem {
  readonly field: (typeof mailFields)[number];

  constructor(field: (typeof mailFields)[number], code: ProblemCode, message: string, mend?: string) {
    super(code, message, mend);
    this.field = field;
  }
}
