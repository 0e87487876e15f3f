import { useState } from 'react';

type Wrong<Field extends string> = Readonly<Partial<Record<Field, string>>>;

/**
 * What is wrong with a form, as far as somebody wants to know it yet: at the fields that they have been at, and at all
 * of them once they say that they are done.
 */
export function useSeenWrong<Field extends string>(
  wrong: Wrong<Field>,
): {
  readonly wrong: Wrong<Field>;
  readonly touch: (fields: readonly string[]) => void;
  readonly all: () => void;
  readonly clear: () => void;
} {
  const [touched, setTouched] = useState<ReadonlySet<string> | 'all'>(new Set());
  const isSeen = (field: string) => touched === 'all' || touched.has(field);
  return {
    wrong: Object.fromEntries(Object.entries(wrong).filter(([field]) => isSeen(field))) as Wrong<Field>,
    touch: (fields) => setTouched((before) => (before === 'all' ? before : new Set([...before, ...fields]))),
    all: () => setTouched('all'),
    clear: () => setTouched(new Set()),
  };
}
