/** What kept a model from answering, whatever its provider calls it. */
export const failureKinds = [
  'bad_key',
  'forbidden',
  'unpaid',
  'unknown_model',
  'bad_request',
  'too_long',
  'rate_limited',
  'overloaded',
  'broken',
  'unreachable',
  'slow',
  'endless',
  'cut',
  'malformed',
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** Those that may be gone when it is tried again. */
const passing: ReadonlySet<FailureKind> = new Set([
  'rate_limited',
  'overloaded',
  'broken',
  'unreachable',
  'slow',
  'cut',
  'malformed',
]);

export class ModelFailure extends Error {
  readonly kind: FailureKind;
  /** When the provider asked to be left alone until; milliseconds from now. */
  readonly retryAfter: number | null;
  /** Whether it had begun to answer, so that it may charge for it. */
  begun = false;

  constructor(
    kind: FailureKind,
    message: string,
    options: ErrorOptions & { retryAfter?: number | null } = {},
  ) {
    super(message, options);
    this.name = 'ModelFailure';
    this.kind = kind;
    this.retryAfter = options.retryAfter ?? null;
  }

  get passing(): boolean {
    return passing.has(this.kind);
  }
}
