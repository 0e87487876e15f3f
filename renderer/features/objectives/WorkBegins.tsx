import { useEffect, useRef, useState } from 'react';
import { mostScheduledBytes, type WantedWork } from '../../bridge/objectives.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useAgents } from '../../bridge/use-agents.ts';
import { type GivenFile, readFiles } from '../../bridge/work/given-files.ts';
import { useLooks } from '../../bridge/work/use-looks.ts';
import {
  type CommandAgent,
  emptyWork,
  handOf,
  readWork,
  type WorkForm,
  type WorkWishInput,
} from '../../bridge/work/work-form.ts';
import { WorkFields } from '../../bridge/work/WorkFields.tsx';
import { WorkMay } from '../../bridge/work/WorkMay.tsx';
import { Button } from '../../ui/Button.tsx';
import { go } from '../../ui/place.ts';
import { bytesOf } from '../../ui/words.ts';
import styles from './ObjectiveSheet.module.css';

/** A command agent with its repository and what it is handed, chosen as for one that begins at once. */
export function WorkBegins({ onWork }: { onWork: (work: WantedWork | null) => void }) {
  const [form, setForm] = useState<WorkForm>(emptyWork);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const { list, problem } = useAgents();
  const able = (list ?? []).filter(({ agent }) => agent?.command);
  const entry = able.find(({ name }) => name === form.agent) ?? (form.agent === null ? able[0] : undefined);
  const agent = entry?.agent?.command ? (entry.agent as CommandAgent) : null;
  const filled = { ...form, agent: entry?.name ?? form.agent };
  const looked = useLooks(filled, agent);
  const hand = handOf(filled, agent, looked.looks);
  const { wishes, wrong } = readWork(filled, agent, looked.looks);
  const told = JSON.stringify(wishes?.length === 1 ? wishes[0] : null);
  const tooLarge = told.length > mostScheduledBytes;
  const isRefused = looked.refused !== null && !hand.artifact;
  const latest = useRef(onWork);
  latest.current = onWork;
  useEffect(() => {
    const wish = tooLarge || isRefused ? null : (JSON.parse(told) as WorkWishInput | null);
    latest.current(wish && { kind: 'agent', wish });
  }, [told, tooLarge, isRefused]);
  const add = (files: readonly File[]) => {
    void readFiles(files).then(({ read, refused: why }) => {
      setForm((before) => ({ ...before, files: withoutDoubles([...before.files, ...read]) }));
      setRefused(why);
    });
  };
  if (list && able.length === 0) {
    return (
      <p className={styles.none}>
        There is no command agent yet.
        <Button onClick={() => go('agents', { do: 'new' })}>New agent…</Button>
      </p>
    );
  }
  return (
    <>
      <WorkFields
        form={filled}
        agents={able}
        agent={agent}
        hand={hand}
        looked={looked}
        wrong={wrong}
        recent={[]}
        canBeMany={false}
        set={(change) => setForm((before) => ({ ...before, ...change }))}
        onFiles={add}
      />
      {refused.map((words) => (
        <p key={words} className={styles.wrong}>
          {words}
        </p>
      ))}
      {tooLarge && (
        <p className={styles.wrong}>
          It is handed more than {bytesOf(mostScheduledBytes)}: let it read large files from the repository.
        </p>
      )}
      <ProblemNote problem={looked.problem ?? problem} />
      {agent && entry && <WorkMay agent={agent} rights={entry.rights} />}
    </>
  );
}

const withoutDoubles = (files: readonly GivenFile[]) => [
  ...new Map(files.map((file) => [file.name, file])).values(),
];
