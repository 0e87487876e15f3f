import { useCallback, useMemo, useState } from 'react';
import type { Plan } from '../../../shared/plan.ts';
import type { Run, RunSubtask } from '../../../shared/run.ts';
import { partStanding } from '../../bridge/run-standing.ts';
import { useNow } from '../../bridge/use-now.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { replace } from '../../ui/place.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { ForkDialog } from './ForkDialog.tsx';
import { criticalPath, shapeOf } from './graph/graph-shape.ts';
import { durationsOf, looksOf } from './graph/part-looks.ts';
import { RunGraph } from './graph/RunGraph.tsx';
import { LowerPane } from './LowerPane.tsx';
import { PartInspector } from './part/PartInspector.tsx';
import { usePart } from './part/use-part.ts';
import { PartList } from './PartList.tsx';
import { PlanQuestion } from './PlanQuestion.tsx';
import { RunHead } from './RunHead.tsx';
import { RunInspector } from './RunInspector.tsx';
import styles from './RunView.module.css';
import { partPlace } from './run-words.ts';
import { TimeLine } from './time/TimeLine.tsx';
import { useWalk } from './time/use-walk.ts';
import { WalkBar } from './time/WalkBar.tsx';

export interface RunViewProps {
  run: Run;
  parts: readonly RunSubtask[];
  shape: number;
  /** The plan whose parts these are, while it waits for the person. */
  waiting: Plan | null;
  /** The name of the part that the address leads to. */
  chosen: string | null;
}

const kept = 'holdfast.run.list';

/** One run: its plan as a graph, when what was at work, and everything about the part that is looked at. */
export function RunView({ run, parts, shape, waiting, chosen }: RunViewProps) {
  const [list, setList] = useState(() => localStorage.getItem(kept) === 'yes');
  const [forking, setForking] = useState(false);
  const walk = useWalk(run, parts);
  const now = useNow(run.state !== 'finished' && run.state !== 'queued');
  const begun = parts.some(({ started }) => started !== null);
  const part = walk.parts.find(({ name }) => name === chosen) ?? null;
  const select = useCallback((name: string | null) => replace(partPlace(run.id, name)), [run.id]);
  const open = useCallback(() => document.getElementById('run-pane')?.focus(), []);
  const look = (worked: RunSubtask) => {
    // One of a plan that is not shown now is looked at where it began.
    if (walk.at !== null && !walk.parts.some(({ id }) => id === worked.id)) walk.toPart(worked.id);
    select(worked.name);
  };
  const toggleList = () => {
    localStorage.setItem(kept, list ? 'no' : 'yes');
    setList(!list);
  };
  useShortcuts(
    'Parts',
    chosen === null ? [] : [{ keys: 'escape', title: 'The run as a whole', run: () => select(null) }],
  );
  return (
    <div
      className={styles.view}
      data-list={list || undefined}
      data-asking={run.state === 'asking' || undefined}
    >
      <RunHead
        run={run}
        part={part?.name ?? null}
        now={now}
        list={list}
        onList={toggleList}
        onFork={() => setForking(true)}
      />
      {run.state === 'asking' && <PlanQuestion run={run} />}
      <div className={styles.top}>
        {list && <PartList parts={walk.parts} now={now} selected={chosen} onSelect={select} onOpen={open} />}
        <Graph
          parts={walk.parts}
          shape={walk.shape ?? shape}
          now={now}
          walking={walk.at !== null}
          finished={run.state === 'finished'}
          part={part}
          onSelect={select}
          onOpen={open}
        />
      </div>
      <div className={styles.time}>
        {begun && (
          <TimeLine
            run={run}
            parts={walk.worked}
            now={now}
            selected={part?.id ?? null}
            turns={walk.turns}
            moment={walk.step?.time ?? null}
            onSelect={look}
          />
        )}
        <ProblemNote problem={walk.problem} />
        {(begun || walk.at !== null) && <WalkBar walk={walk} />}
      </div>
      <Looked
        run={run}
        shown={walk.run}
        part={part}
        round={walk.round}
        waiting={waiting}
        now={walk.step?.time ?? now}
        onSelect={select}
      />
      <ForkDialog
        run={run}
        parts={parts}
        part={part?.name ?? null}
        open={forking}
        onClose={() => setForking(false)}
      />
    </div>
  );
}

interface GraphProps {
  parts: readonly RunSubtask[];
  shape: number;
  now: number;
  walking: boolean;
  finished: boolean;
  part: RunSubtask | null;
  onSelect: (name: string | null) => void;
  onOpen: () => void;
}

function Graph({ parts, shape, now, walking, finished, part, onSelect, onOpen }: GraphProps) {
  const plan = useMemo(
    () => shapeOf(parts),
    // The parts change with each state; what they are laid out by only with the shape.
    // oxlint-disable-next-line react/exhaustive-deps
    [shape],
  );
  const looks = useMemo(() => looksOf(parts, now), [parts, now]);
  const critical = useMemo(() => {
    if (!finished || walking || plan.names.length !== parts.length) return [];
    return criticalPath(plan, durationsOf(parts, 0)).map((index) => plan.names[index] ?? '');
  }, [plan, parts, finished, walking]);
  if (parts.length === 0) return <p className={styles.none}>It has no parts yet.</p>;
  const follows = part && part.dependsOn.length > 0 ? `, after ${part.dependsOn.slice(0, 5).join(', ')}` : '';
  return (
    <RunGraph
      shape={plan}
      looks={looks}
      critical={critical}
      selected={part?.name ?? null}
      told={part ? `${part.title} ${partStanding(part).words}${follows}` : ''}
      onSelect={onSelect}
      onOpen={onOpen}
    />
  );
}

/** What is below the graph and beside it: the selected part, or the run as a whole. */
function Looked({
  run,
  shown,
  part,
  round,
  waiting,
  now,
  onSelect,
}: {
  run: Run;
  /** As it stood at the moment that is looked at. */
  shown: Run;
  part: RunSubtask | null;
  /** Of which plan the part is; null: of the latest. */
  round: number | null;
  waiting: Plan | null;
  now: number;
  onSelect: (name: string | null) => void;
}) {
  const [file, setFile] = useState<{ of: string | null; path: string | null } | null>(null);
  const name = part?.name ?? null;
  const here = file !== null && file.of === name ? file : null;
  const onFile = useCallback((path: string | null) => setFile({ of: name, path }), [name]);
  return part ? (
    <LookedPart
      run={run}
      part={part}
      round={round}
      waiting={waiting}
      now={now}
      file={here}
      onFile={onFile}
      onSelect={onSelect}
    />
  ) : (
    <>
      <LowerPane run={run} part={null} known={null} file={here} onFile={onFile} />
      <RunInspector run={shown} now={now} onFile={onFile} />
    </>
  );
}

function LookedPart({
  run,
  part,
  round,
  waiting,
  now,
  file,
  onFile,
  onSelect,
}: {
  run: Run;
  part: RunSubtask;
  round: number | null;
  waiting: Plan | null;
  now: number;
  file: { path: string | null } | null;
  onFile: (path: string | null) => void;
  onSelect: (name: string | null) => void;
}) {
  const { known, problem } = usePart(run, part, { round, waiting });
  return (
    <>
      <LowerPane run={run} part={part} known={known} file={file} onFile={onFile} />
      <div className={styles.beside}>
        <ProblemNote problem={problem} />
        <PartInspector
          part={part}
          known={known}
          folder={run.folder}
          now={now}
          onSelect={onSelect}
          onFile={onFile}
        />
      </div>
    </>
  );
}
