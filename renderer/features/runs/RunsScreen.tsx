import { useCallback, useState } from 'react';
import { useRuns } from '../../bridge/runs.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { TextInput } from '../../ui/Field.tsx';
import { go, usePlace } from '../../ui/place.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { RunList } from './RunList.tsx';
import { RunView } from './RunView.tsx';
import { partPlace } from './run-words.ts';
import styles from './RunsScreen.module.css';
import { useRun } from './use-run.ts';
import { useWaitingPlan } from './use-waiting-plan.ts';

/** All runs, or the one that the address leads to. */
export function RunsScreen() {
  const { within } = usePlace();
  const [run, part] = within;
  return run === undefined ? <AllRuns /> : <OneRun key={run} id={run} part={part ?? null} />;
}

const begin = () => go('now', { do: 'launch' });

function AllRuns() {
  const { list, problem } = useRuns();
  const [words, setWords] = useState('');
  const open = useCallback((id: string) => go(partPlace(id)), []);
  useShortcuts('Runs', [
    { keys: '/', title: 'Find a run', run: () => document.getElementById('find-run')?.focus() },
  ]);
  const wanted = words.trim().toLowerCase();
  const found = (list ?? []).filter(
    ({ title, id }) => title.toLowerCase().includes(wanted) || id.startsWith(wanted),
  );
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>Runs</h1>
        <TextInput
          id="find-run"
          className={styles.find}
          aria-label="Find a run"
          placeholder="Find by its title"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Button look="lead" keys="b" onClick={begin}>
          Begin a run…
        </Button>
      </header>
      <div className={styles.list}>
        <ProblemNote problem={problem} />
        {list?.length === 0 && (
          <Empty
            title="Nothing has been run yet"
            action={
              <Button look="lead" keys="b" onClick={begin}>
                Begin a run…
              </Button>
            }
          >
            A run carries out a goal, a recipe or a plan, its parts side by side, each in a sandbox of its
            own.
          </Empty>
        )}
        {list && list.length > 0 && found.length === 0 && (
          <Empty title="No run is called that">
            The latest are looked through, and all that are not finished.
          </Empty>
        )}
        {found.length > 0 && <RunList runs={found} onOpen={open} />}
      </div>
    </div>
  );
}

function OneRun({ id, part }: { id: string; part: string | null }) {
  const { run, parts, shape, problem } = useRun(id);
  const waiting = useWaitingPlan(run);
  if (problem && !run) {
    return (
      <div className={styles.lost}>
        <ProblemNote problem={problem} action={<Button onClick={() => go('runs')}>All runs</Button>} />
      </div>
    );
  }
  if (!run) return <div className={styles.lost} aria-busy="true" />;
  return (
    <RunView
      run={run}
      parts={waiting?.parts ?? parts ?? []}
      shape={waiting ? -1 : shape}
      waiting={waiting?.plan ?? null}
      chosen={part}
    />
  );
}
