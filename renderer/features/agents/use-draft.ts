import { useCallback, useEffect, useRef, useState } from 'react';
import type { AgentEntry, CheckedDeclaration } from '../../../shared/contract/agents.ts';
import { problemOf } from '../../../shared/contract/problems.ts';
import type { Problem } from '../../../shared/problem.ts';
import { useHouse } from '../../bridge/house.ts';

/** How long somebody may pause in typing before the text is looked at. */
const pause = 250;

export interface Draft {
  /** Null until it is there. */
  readonly text: string | null;
  readonly checked: CheckedDeclaration;
  readonly changed: boolean;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly write: (text: string) => void;
  /** One field of the form: the text is changed where it says it, and stays as it is elsewhere. */
  readonly set: (field: string, value: unknown) => void;
  readonly save: () => Promise<void>;
  readonly revert: () => void;
}

interface Kept {
  text: string;
  saved: string;
  hash: string | null;
}

/** The text of an agent's file while it is edited, checked as it is typed. Nothing is saved before somebody says so. */
export function useDraft(entry: AgentEntry, onSaved: (name: string) => void): Draft {
  const { client } = useHouse();
  const [kept, setKept] = useState<Kept | null>(null);
  const [checked, setChecked] = useState<CheckedDeclaration>(entry);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const latest = useRef<Kept | null>(null);
  latest.current = kept;
  const { name, origin } = entry;

  const load = useCallback(async () => {
    const { text, hash, ...found } = await client.agents.get({ name });
    setKept({ text, saved: text, hash: origin === 'yours' ? hash : null });
    setChecked(found);
    setProblem(null);
  }, [client, name, origin]);
  // The file as it lies there is taken up, unless something of it is being edited.
  useEffect(() => {
    const { current } = latest;
    if (current === null || current.text === current.saved) {
      load().catch((thrown: unknown) => setProblem(problemOf(thrown)));
    }
  }, [load, entry]);

  const text = kept?.text;
  const changed = kept !== null && kept.text !== kept.saved;
  useEffect(() => {
    if (text === undefined || !changed) return undefined;
    const life = new AbortController();
    const timer = setTimeout(() => {
      client.agents
        .validate({ text }, { signal: life.signal })
        .then(setChecked)
        .catch((thrown: unknown) => !life.signal.aborted && setProblem(problemOf(thrown)));
    }, pause);
    return () => {
      clearTimeout(timer);
      life.abort();
    };
  }, [client, text, changed]);

  const work = async (task: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await task();
    } catch (thrown) {
      setProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return {
    text: text ?? null,
    checked,
    changed,
    busy,
    problem,
    write: (next) => setKept((before) => before && { ...before, text: next }),
    set: (field, value) =>
      void work(async () => {
        if (!latest.current) return;
        const json = value as Parameters<typeof client.agents.compose>[0]['set'][string];
        const composed = await client.agents.compose({ text: latest.current.text, set: { [field]: json } });
        setKept((before) => before && { ...before, text: composed.text });
        setChecked(composed);
      }),
    save: () =>
      work(async () => {
        if (!latest.current) return;
        const saved = latest.current.text;
        await client.agents.save({ name, text: saved, before: latest.current.hash });
        const { hash } = await client.agents.get({ name });
        setKept({ text: saved, saved, hash });
        onSaved(name);
      }),
    revert: () => void work(load),
  };
}
