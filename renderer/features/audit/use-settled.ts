import { useEffect, useRef, useState } from 'react';

export interface Settled {
  readonly text: string;
  /** When it came to rest. */
  readonly time: Date;
}

/** What was typed once it rested for a moment: not every keystroke is a question. An empty text counts at once. */
export function useSettled(text: string, milliseconds: number): Settled {
  const [settled, setSettled] = useState<Settled>(() => ({ text, time: new Date() }));
  useEffect(() => {
    const timer = setTimeout(
      () => setSettled((before) => (before.text === text ? before : { text, time: new Date() })),
      text === '' ? 0 : milliseconds,
    );
    return () => clearTimeout(timer);
  }, [text, milliseconds]);
  return settled;
}

/** The same object for as long as it says the same, so that nothing begins anew without a reason. */
export function useSame<Value>(value: Value): Value {
  const kept = useRef(value);
  if (JSON.stringify(kept.current) !== JSON.stringify(value)) kept.current = value;
  return kept.current;
}

/** The newest of what changes often, for effects that must not begin anew because of it. */
export function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  latest.current = value;
  return latest;
}
