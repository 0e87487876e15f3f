import { useEffect } from 'react';
import type { MachineFinding } from '../../../shared/contract/house.ts';
import { useHouse } from '../../bridge/house.ts';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Row } from '../../ui/Card.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { go } from '../../ui/place.ts';
import { foundWords } from './found-words.ts';

/** A model for agents. What this machine has for it is looked for, and named. */
export function FirstModel({ finding, ready }: { finding: MachineFinding | undefined; ready: boolean }) {
  const { client } = useHouse();
  const wanting = finding !== undefined && !ready;
  const { run, result } = useTask((signal) => client.models.find(undefined, { signal }));
  useEffect(() => {
    if (wanting) void run();
  }, [wanting, run]);
  return (
    <Row
      mark={<Dot tone={ready ? 'good' : 'quiet'} label={ready ? 'done' : 'to be done'} />}
      title={ready ? 'Agents have a model' : 'Give agents a model'}
      detail={finding && ready ? `${finding.detail}.` : foundWords(result)}
      right={
        <Button onClick={() => go('settings', { do: 'model' })}>{ready ? 'Another…' : 'Set up…'}</Button>
      }
    />
  );
}
