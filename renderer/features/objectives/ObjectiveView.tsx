import { useState } from 'react';
import type { Objective } from '../../../shared/objective.ts';
import { actorWords } from '../../bridge/actor-words.ts';
import { useHouse } from '../../bridge/house.ts';
import { objectiveStanding } from '../../bridge/objective-standing.ts';
import { ConfirmDialog } from '../../bridge/ConfirmDialog.tsx';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { FactList } from '../../ui/FactList.tsx';
import { go } from '../../ui/place.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { say } from '../../ui/Toast.tsx';
import { View, ViewBody } from '../../ui/View.tsx';
import { LastTimes } from './LastTimes.tsx';
import { NextTimes } from './NextTimes.tsx';
import styles from './ObjectiveView.module.css';
import { ruleWords } from './rules-form.ts';
import { timingWords } from './timing-form.ts';

/** One objective: how it stands, when it begins, how its last times went, and what can be done with it. */
export function ObjectiveView({ objective, onChange }: { objective: Objective; onChange: () => void }) {
  const { name, agent, paused, running, failures, problem } = objective;
  const { client } = useHouse();
  const { words, tone } = objectiveStanding(objective);
  const begin = useTask(async (_signal) => {
    await client.objectives.run({ name });
    say(`Begun: ${name}.`);
  });
  const steer = useTask((_signal, deed: 'pause' | 'resume') => client.objectives[deed]({ name }));
  const turn = () => void steer.run(paused ? 'resume' : 'pause');
  useShortcuts('This objective', [
    { keys: 'r', title: 'Run it now', run: () => void begin.run() },
    { keys: 'p', title: paused ? 'Let it go on' : 'Pause it', run: turn },
    ...(agent === null ? [{ keys: 'm', title: 'Change it', run: onChange }] : []),
  ]);
  return (
    <View
      label={`Objective ${name}`}
      title={<h2>{name}</h2>}
      line={
        <>
          <Dot tone={tone} />
          <span role="status">{words}</span>
        </>
      }
      actions={
        <>
          {agent === null ? (
            <Button look="ghost" keys="m" onClick={onChange}>
              Change…
            </Button>
          ) : (
            <Button look="ghost" onClick={() => go('agents', { agent, look: 'file' })}>
              Its file…
            </Button>
          )}
          <Button keys="p" busy={steer.busy} onClick={turn}>
            {paused ? 'Go on' : 'Pause'}
          </Button>
          <Button look="lead" keys="r" busy={begin.busy} onClick={() => void begin.run()}>
            Run now
          </Button>
        </>
      }
    >
      <ViewBody>
        <ProblemNote problem={begin.problem ?? steer.problem} />
        {problem !== null && <p className={styles.wrong}>{problem}</p>}
        {failures > 0 && (
          <div className={styles.failed}>
            <p>{failureWords(objective)}</p>
            {!paused && (
              <Button busy={steer.busy} onClick={() => void steer.run('resume')}>
                Forget it
              </Button>
            )}
          </div>
        )}
        <About objective={objective} />
        {agent === null && <RemoveButton name={name} running={running} />}
      </ViewBody>
    </View>
  );
}

function failureWords({ paused, pausedBy, failures, times }: Objective): string {
  const last = times.find(({ what, ok }) => what === 'begins' && ok === false);
  const how = failures === 1 ? 'It failed the last time' : `It failed ${failures} times in a row`;
  const why = last?.reason ? `: ${last.reason.replace(/[^.!?]$/, '$&.')}` : '.';
  const rest = pausedBy === 'failures' ? ' It begins nothing until you let it go on.' : '';
  return `${how}${why}${rest || (paused ? '' : ' It goes on by its rules.')}`;
}

function About({ objective }: { objective: Objective }) {
  const { words, timing, policy, work, next, times, by, agent, paused } = objective;
  const when = (
    <>
      {timingWords(timing)} <code className={styles.cron}>{timing.cron}</code>
    </>
  );
  const person = by ? actorWords(by).toLowerCase() : '–';
  const facts = [
    ['When', when],
    ['Made by', agent === null ? person : `the file of ${agent}`],
  ] as const;
  return (
    <div className={styles.about}>
      <p className={styles.lead}>{words}</p>
      <FactList facts={facts} />
      <section>
        <h3>Next</h3>
        {next.length > 0 ? (
          <NextTimes times={next} zone={timing.zone} />
        ) : (
          <p className={styles.soft}>{paused ? 'Nothing, while it is paused.' : 'Never.'}</p>
        )}
      </section>
      <section>
        <h3>Last</h3>
        {times.length > 0 ? (
          <LastTimes times={times} />
        ) : (
          <p className={styles.soft}>It has not been due yet.</p>
        )}
      </section>
      <section>
        <h3>Rules</h3>
        <ul className={styles.rules} aria-label="Its rules">
          {ruleWords(policy, work).map((rule) => (
            <li key={rule}>{rule}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function RemoveButton({ name, running }: { name: string; running: number }) {
  const { client } = useHouse();
  const [asking, setAsking] = useState(false);
  const remove = async () => {
    await client.objectives.remove({ name });
    say(`Removed ${name}.`);
    go('objectives');
  };
  return (
    <>
      <Button className={styles.remove} onClick={() => setAsking(true)}>
        Remove it…
      </Button>
      <ConfirmDialog
        title={`Remove ${name}?`}
        words={`It begins nothing more. ${running > 0 ? 'What runs goes on, and what' : 'What'} it began stays on the record.`}
        open={asking}
        label="Remove"
        deed={remove}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
