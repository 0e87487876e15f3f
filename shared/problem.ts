/**
 * The one kind of error that people meet. Every refusal carries a code for programs,
 * a sentence for a person, and the mend: what that person can do about it.
 */
export const problemCodes = {
  invalid_input: { status: 400, exit: 2 },
  unauthorized: { status: 401, exit: 6 },
  forbidden: { status: 403, exit: 3 },
  not_found: { status: 404, exit: 2 },
  conflict: { status: 409, exit: 3 },
  too_large: { status: 413, exit: 2 },
  too_many: { status: 429, exit: 6 },
  storage_full: { status: 507, exit: 6 },
  storage_failed: { status: 500, exit: 6 },
  record_damaged: { status: 500, exit: 5 },
  newer_version: { status: 500, exit: 6 },
  locked: { status: 409, exit: 6 },
  unreachable: { status: 503, exit: 6 },
  unavailable: { status: 503, exit: 6 },
  budget_exhausted: { status: 402, exit: 7 },
  model_refused: { status: 502, exit: 6 },
  model_failed: { status: 502, exit: 6 },
  cancelled: { status: 499, exit: 130 },
  internal: { status: 500, exit: 1 },
} as const;

export type ProblemCode = keyof typeof problemCodes;

export interface ProblemDetails {
  code: ProblemCode;
  message: string;
  mend?: string | undefined;
}

export class Problem extends Error {
  readonly code: ProblemCode;
  readonly mend: string | undefined;

  constructor(code: ProblemCode, message: string, mend?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Problem';
    this.code = code;
    this.mend = mend;
  }

  details(): ProblemDetails {
    return { code: this.code, message: this.message, ...(this.mend ? { mend: this.mend } : {}) };
  }

  /** Rebuilds a problem that crossed a thread or the wire. */
  static from(details: ProblemDetails): Problem {
    return new Problem(details.code, details.message, details.mend);
  }

  /** Any thrown value as a problem; what nobody foresaw becomes `internal`. */
  static of(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new Problem('internal', message, undefined, { cause: thrown });
  }
}

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemCodes, code);
}
