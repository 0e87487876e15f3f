import { useState } from 'react';
import type { Run } from '../../../shared/run.ts';
import { useHouse } from '../../bridge/house.ts';
import { durationWords, moneyWords, progressWords, runStanding, tookOf } from '../../bridge/run-standing.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { go } from '../../ui/place.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { say } from '../../ui/Toast.tsx';
import { MoreActions } from './MoreActions.tsx';
import styles from './RunHead.module.css';
import { partPlace } from './run-words.ts';
import { SaveRecipeDialog } from './SaveRecipeDialog.tsx';

export interface RunHeadProps {
  run: Run;
  part: string | null;
  now: number;
  list: boolean;
  onList: () => void;
  onFork: () => void;
}

/** What it is, how it stands, and everything that can be done with it. */
export function RunHead({ run, part, now, list, onList, onFork }: RunHeadProps) {
  const { client } = useHouse();
  const [stopping, setStopping] = useState(false);
  const [saving, setSaving] = useState(false);
  const { words, tone } = runStanding(run);
  const took = tookOf(run, now);
  const finished = run.state === 'finished';
  const failed = finished && run.outcome?.label !== 'success';
  const steer = useTask((_signal, deed: 'pause' | 'resume') => client.runs[deed]({ run: run.id }));
  const stop = useTask(async (_signal) => {
    await client.runs.stop({ run: run.id });
    setStopping(false);
  });
  const retry = useTask(async (_signal) => {
    const next = await client.runs.retry({ run: run.id });
    say('A new run goes on with what succeeded.');
    go(partPlace(next.id));
  });
  const paused = run.state === 'paused';
  const copy = () => void copyLink(run.id, part);
  const record = () => go('audit', { q: `run:${run.id}`, do: 'export' });
  useShortcuts('This run', [
    { keys: 'o', title: 'List of its parts', run: onList },
    ...(finished
      ? [
          { keys: 'f', title: 'Start again from this part', run: onFork },
          ...(failed ? [{ keys: 'r', title: 'Try again what failed', run: () => void retry.run() }] : []),
        ]
      : [
          { keys: 's', title: 'Stop it', run: () => setStopping(true) },
          {
            keys: 'p',
            title: paused ? 'Let it go on' : 'Pause it',
            run: () => void steer.run(paused ? 'resume' : 'pause'),
          },
        ]),
    { keys: 'm', title: 'Copy its link', run: copy },
  ]);
  const facts = [took === null ? '' : durationWords(took), progressWords(run), moneyWords(run)].filter(
    (fact) => fact !== '',
  );
  return (
    <header className={styles.head}>
      <Dot tone={tone} label={words} />
      <h1 className={styles.title} title={run.title}>
        {run.title}
      </h1>
      <span className={styles.facts}>
        {/* Read aloud when it changes; the time, which always does, is not. */}
        <span role="status">{words}</span>
        {facts.length > 0 && ` · ${facts.join(' · ')}`}
      </span>
      <span className={styles.space} />
      <Button look={list ? 'plain' : 'ghost'} keys="o" aria-pressed={list} onClick={onList}>
        List
      </Button>
      <MoreActions run={run} onLink={copy} onRecord={record} onRecipe={() => setSaving(true)} />
      {run.waits > 0 && (
        <Button look="lead" onClick={() => go('approvals')}>
          Answer…
        </Button>
      )}
      {finished && (
        <Button keys="f" onClick={onFork}>
          Fork…
        </Button>
      )}
      {failed && (
        <Button look="lead" keys="r" busy={retry.busy} onClick={() => void retry.run()}>
          Retry
        </Button>
      )}
      {!finished && run.state !== 'asking' && (
        <Button keys="p" busy={steer.busy} onClick={() => void steer.run(paused ? 'resume' : 'pause')}>
          {paused ? 'Go on' : 'Pause'}
        </Button>
      )}
      {!finished && (
        <Button look="danger" keys="s" onClick={() => setStopping(true)}>
          Stop
        </Button>
      )}
      <Said problem={steer.problem ?? retry.problem} />
      <Dialog
        title="Stop this run?"
        words="What is at work is ended at once. What it has done stays, and it can be retried from there."
        open={stopping}
        onClose={() => setStopping(false)}
        lead={{ label: 'Stop it', danger: true, busy: stop.busy, run: () => void stop.run() }}
      >
        <ProblemNote problem={stop.problem} />
      </Dialog>
      <SaveRecipeDialog run={run} open={saving} onClose={() => setSaving(false)} />
    </header>
  );
}

function Said({ problem }: { problem: Parameters<typeof ProblemNote>[0]['problem'] }) {
  return (
    problem && (
      <div className={styles.problem}>
        <ProblemNote problem={problem} />
      </div>
    )
  );
}

async function copyLink(run: string, part: string | null): Promise<void> {
  const link = `holdfast://run/${run}${part ? `/${part}` : ''}`;
  try {
    await navigator.clipboard.writeText(link);
    say('Copied: it opens this in the desktop app.');
  } catch {
    say(`Its link is ${link}`);
  }
}
