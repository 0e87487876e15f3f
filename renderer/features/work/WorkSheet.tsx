import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useHouse } from '../../bridge/house.ts';
import { mostScheduledBytes, scheduleThis } from '../../bridge/objectives.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useAgents } from '../../bridge/use-agents.ts';
import { useTask } from '../../bridge/use-task.ts';
import { type GivenFile, readFiles } from '../../bridge/work/given-files.ts';
import { rememberWork } from '../../bridge/work/started-work.ts';
import { useLooks } from '../../bridge/work/use-looks.ts';
import {
  type CommandAgent,
  emptyWork,
  handOf,
  type Hand,
  readWork,
  refusedAt,
  type WorkForm,
} from '../../bridge/work/work-form.ts';
import { closeWork, type WantedWork } from '../../bridge/work/work-sheet.ts';
import { WorkFields } from '../../bridge/work/WorkFields.tsx';
import { WorkMay } from '../../bridge/work/WorkMay.tsx';
import { Dialog, type Lead } from '../../ui/Dialog.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Button } from '../../ui/Button.tsx';
import { go } from '../../ui/place.ts';
import { Tabs } from '../../ui/Tabs.tsx';
import { say } from '../../ui/Toast.tsx';
import { plural } from '../../ui/words.ts';
import { goalOf } from './as-goal.ts';
import { AsGoal } from './AsGoal.tsx';
import styles from './WorkSheet.module.css';

const receivers = [
  { value: 'agent' as const, label: 'A command agent' },
  { value: 'goal' as const, label: 'A run, as its goal' },
];

/** Everything that a command agent is started with, before it is. Files can be a run’s goal instead. */
export function WorkSheet({ wanted }: { wanted: WantedWork | null }) {
  const sheet = useSheet(wanted);
  const { form, able, entry, agent, hand, looked, wishes, start, problem } = sheet;
  const [receiver, setReceiver] = useState<'agent' | 'goal'>('agent');
  useEffect(() => {
    if (!wanted) setReceiver('agent');
  }, [wanted]);
  const recent = useRecent(wanted !== null);
  const asGoal = receiver === 'goal' && form.files.length > 0;
  const goal = goalOf(form.files);
  const close = () => {
    start.reset();
    closeWork();
  };
  const isRefused = looked.refused !== null && !hand.artifact;
  const count = wishes?.length ?? 1;
  const lead: Lead | false = asGoal
    ? {
        label: 'Go on',
        disabled: goal.text === null,
        run: () => {
          close();
          go('now', { do: 'launch', goal: goal.text ?? '' });
        },
      }
    : able.length > 0 && {
        label: count > 1 ? `Start ${plural(count, 'session')}` : 'Start',
        disabled: !wishes || isRefused,
        busy: start.busy,
        run: () => void start.run(),
      };
  return (
    <Dialog
      title="Start a command agent"
      words={
        wanted?.lacks ??
        'On a fresh clone, in a sandbox that is thrown away. Nothing begins before you start it.'
      }
      open={wanted !== null}
      onClose={close}
      wide
      tall
      foot={
        !asGoal && (
          <>
            {problem && (
              <div className={styles.problem}>
                <ProblemNote problem={problem} />
              </div>
            )}
            {agent && entry && <WorkMay agent={agent} rights={entry.rights} />}
            {able.length > 0 && <Schedule wishes={isRefused ? null : wishes} onGo={close} />}
          </>
        )
      }
      lead={lead}
    >
      {form.files.length > 0 && (
        <Tabs label="Who receives the files" shown={receiver} tabs={receivers} onShow={setReceiver} />
      )}
      {sheet.refused.length > 0 && (
        <ul className={styles.refused} aria-label="Files that were not taken">
          {sheet.refused.map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
      {asGoal && <AsGoal {...goal} />}
      {!asGoal && sheet.isKnown && able.length === 0 && <NoAgent onGo={close} />}
      {!asGoal && able.length > 0 && (
        <>
          <WorkFields
            form={form}
            agents={able}
            agent={agent}
            hand={hand}
            looked={looked}
            wrong={sheet.wrong}
            recent={recent}
            canBeMany
            set={sheet.change}
            onFiles={sheet.add}
          />
          {looked.refused !== null && hand.handed !== 'request' && hand.handed !== 'work_unit' && (
            <p className={styles.refusal}>{looked.refused.message}</p>
          )}
        </>
      )}
    </Dialog>
  );
}

/** One session, where it is not too large for a schedule, begins by itself as well. */
function Schedule({ wishes, onGo }: { wishes: ReturnType<typeof readWork>['wishes']; onGo: () => void }) {
  const [wish, ...more] = wishes ?? [];
  const isOne = wish && more.length === 0 && JSON.stringify(wish).length <= mostScheduledBytes;
  const schedule = () => {
    if (!wish) return;
    onGo();
    scheduleThis({ kind: 'agent', wish });
  };
  return (
    <div className={styles.schedule}>
      <Button look="ghost" disabled={!isOne} onClick={schedule}>
        Schedule this…
      </Button>
    </div>
  );
}

/** What was filled in so far, what it means, and what keeps it from being started. */
function useSheet(wanted: WantedWork | null) {
  const { form, set, refused, add } = useWorkForm(wanted);
  const { list, problem } = useAgents(wanted !== null);
  const able = (list ?? []).filter(({ agent }) => agent?.command);
  const entry = able.find(({ name }) => name === form.agent) ?? (form.agent === null ? able[0] : undefined);
  const agent = entry?.agent?.command ? (entry.agent as CommandAgent) : null;
  const name = entry?.name ?? form.agent;
  const filled = useMemo(() => ({ ...form, agent: name }), [form, name]);
  const looked = useLooks(filled, agent);
  const hand = handOf(filled, agent, looked.looks);
  const { wishes, wrong } = useMemo(
    () => readWork(filled, agent, looked.looks),
    [filled, agent, looked.looks],
  );
  const start = useStart(filled, hand, wishes, set);
  const refusal = start.problem && refusedAt(start.problem, filled, agent);
  const isPlaced = refusal !== null && Object.keys(refusal).length > 0;
  return {
    form: filled,
    isKnown: list !== null,
    able,
    entry,
    agent,
    looked,
    hand,
    wishes,
    wrong: { ...refusal, ...wrong },
    refused,
    start,
    problem: (isPlaced ? null : start.problem) ?? looked.problem ?? problem,
    add,
    /** What was refused is told until something is changed. */
    change: (next: Partial<WorkForm>) => {
      if (start.problem) start.reset();
      set(next);
    },
  };
}

function NoAgent({ onGo }: { onGo: () => void }) {
  const make = () => {
    onGo();
    go('agents', { do: 'new' });
  };
  return (
    <Empty
      title="There is no command agent yet"
      action={
        <Button look="lead" onClick={make}>
          New agent…
        </Button>
      }
    >
      A command agent is an installed program, such as Claude Code, or a script of yours. It is made from what
      is known of it.
    </Empty>
  );
}

/** The form of a sheet while it is open; files that arrive are read and added. */
function useWorkForm(wanted: WantedWork | null) {
  const [form, begin] = useState<WorkForm>(emptyWork);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const set = useCallback((change: Partial<WorkForm>) => begin((before) => ({ ...before, ...change })), []);
  const add = useCallback((files: readonly File[]) => {
    void readFiles(files).then(({ read, refused: why }) => {
      begin((before) => ({ ...before, files: withoutDoubles([...before.files, ...read]) }));
      setRefused(why);
    });
  }, []);
  const seen = useRef<WantedWork | null>(null);
  useEffect(() => {
    if (wanted === seen.current) return;
    const isOpen = seen.current !== null;
    seen.current = wanted;
    if (!wanted) {
      // What was handed in is not kept for the next time.
      begin(emptyWork);
      setRefused([]);
      return;
    }
    if (!isOpen) begin({ ...emptyWork, ...wanted.form });
    if (wanted.files.length > 0) add(wanted.files);
  }, [wanted, add]);
  return { form, set, refused, add };
}

/** A file that is given again takes the place of the one before. */
const withoutDoubles = (files: readonly GivenFile[]) => [
  ...new Map(files.map((file) => [file.name, file])).values(),
];

/** One session, or one for each file; each that has begun leaves the form. */
function useStart(
  form: WorkForm,
  { isEach, every }: Hand,
  wishes: ReturnType<typeof readWork>['wishes'],
  set: (change: Partial<WorkForm>) => void,
) {
  const { client } = useHouse();
  return useTask(async (_signal) => {
    let rest = every ?? [];
    let last: string | null = null;
    for (const wish of wishes ?? []) {
      const { id } = await client.work.start(wish);
      const [file] = rest;
      rememberWork(id, isEach && file ? { ...form, files: [file], each: false, artifact: file.key } : form);
      last = id;
      if (!isEach) continue;
      rest = rest.slice(1);
      set({ files: rest });
    }
    if (last === null) return;
    if (isEach) say(`Started ${plural(wishes?.length ?? 0, 'session')}.`);
    closeWork();
    go('sessions', isEach ? {} : { session: last });
  });
}

const mostRecent = 12;

/** Repositories that command agents were at work on, the latest first. */
function useRecent(isOpen: boolean): readonly string[] {
  const { client } = useHouse();
  const { run, result } = useTask((signal) => client.sessions.list({ most: 200 }, { signal }));
  useEffect(() => {
    if (isOpen) void run();
  }, [isOpen, run]);
  const named = (result ?? []).flatMap(({ work }) => (work ? [work.repository] : []));
  return [...new Set(named)].slice(0, mostRecent);
}
