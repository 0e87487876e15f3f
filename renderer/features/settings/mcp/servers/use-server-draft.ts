import { useEffect, useRef, useState } from 'react';
import { problemOf } from '../../../../../shared/contract/problems.ts';
import type { Problem } from '../../../../../shared/problem.ts';
import type { ToolServerPage } from '../../../../../shared/tool-server.ts';
import type { Client } from '../../../../bridge/client.ts';
import { useHouse } from '../../../../bridge/house.ts';
import { useTask } from '../../../../bridge/use-task.ts';
import { useRested } from '../../../../ui/use-rested.ts';

type Composed = Awaited<ReturnType<Client['toolServers']['compose']>>;
export type FieldChange = NonNullable<Parameters<Client['toolServers']['compose']>[0]['set']>[number];

export interface ServerDraft {
  readonly text: string;
  /** What the text declares; null until that is known, and while it has problems. */
  readonly server: Composed['server'];
  readonly problems: Composed['problems'];
  readonly changed: boolean;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly write: (text: string) => void;
  /** Fields of a form: the text is changed where it says them, and stays as it is elsewhere. */
  readonly set: (changes: FieldChange[]) => void;
  readonly save: () => void;
  readonly revert: () => void;
}

/** The declaration of a server while it is edited, checked as it is typed. Nothing is saved before somebody says so. */
export function useServerDraft(page: ToolServerPage, onSaved: (page: ToolServerPage) => void): ServerDraft {
  const { client } = useHouse();
  const { name } = page.row;
  const [typed, setTyped] = useState<string | null>(null);
  const [known, setKnown] = useState<Composed | null>(null);
  const [wrong, setWrong] = useState<Problem | null>(null);
  const text = typed ?? page.text;
  const latest = useRef(text);
  latest.current = text;
  const rested = useRested(text);
  useEffect(() => {
    const life = new AbortController();
    client.toolServers.compose({ text: rested }, { signal: life.signal }).then(
      (checked) => !life.signal.aborted && setKnown(checked),
      (thrown: unknown) => !life.signal.aborted && setWrong(problemOf(thrown)),
    );
    return () => life.abort();
  }, [client, rested]);
  const compose = useTask(async (_signal, set: FieldChange[]) => {
    const composed = await client.toolServers.compose({ text: latest.current, set });
    setTyped(composed.text);
    setKnown(composed);
  });
  const save = useTask(async (_signal) => {
    const saved = await client.toolServers.save({ server: name, text: latest.current });
    setTyped(null);
    onSaved(saved);
  });
  return {
    text,
    server: known?.server ?? null,
    problems: known?.problems ?? [],
    changed: typed !== null && typed !== page.text,
    busy: save.busy,
    problem: save.problem ?? compose.problem ?? wrong,
    write: setTyped,
    set: (changes) => void compose.run(changes),
    save: () => void save.run(),
    revert: () => {
      save.reset();
      compose.reset();
      setTyped(null);
    },
  };
}
