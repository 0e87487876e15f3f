import { useEffect, useState } from 'react';
import type { Agent } from '../../../shared/agent.ts';
import type { PresetName } from '../../../shared/command-agent.ts';
import { Problem } from '../../../shared/problem.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Progress } from '../../ui/Progress.tsx';
import styles from './PresetImage.module.css';

/** The preset of an agent whose image is made here; null: it needs none. */
export function imagePreset({ command, sandbox }: Agent): PresetName | null {
  const isMade = sandbox.kind === 'container' && sandbox.image === null;
  const known = command?.preset ?? null;
  return isMade && known !== null && known !== 'script' && known !== 'runa' ? known : null;
}

/** Whether there is an image with the program of a known agent, and a way to make one. */
export function PresetImage({ preset }: { preset: PresetName }) {
  const { client } = useHouse();
  const [words, setWords] = useState('');
  const { run: look, ...found } = useTask(async (signal) => ({
    image: await client.agents.image({ preset }, { signal }),
  }));
  const make = useTask(async (signal) => {
    for await (const each of await client.agents.makeImage({ preset }, { signal })) {
      if (each.state === 'made') return each.image;
      setWords(each.words);
    }
    throw new Problem('unavailable', 'It ended without a word.', 'Try again.');
  });
  useEffect(() => {
    void look();
  }, [look, preset]);
  const image = make.result ?? found.result?.image ?? null;
  return (
    <section className={styles.image} aria-label="Its image">
      <h3>Its image</h3>
      {image ? (
        <p>
          {image.package} {image.version}, <code>{image.digest.slice(0, 19)}</code>
        </p>
      ) : (
        found.result && <p className={styles.soft}>None is made yet: it cannot start without one.</p>
      )}
      <ProblemNote problem={make.problem ?? found.problem} />
      {make.busy ? (
        <div className={styles.making}>
          <Progress label={words || 'beginning'} done={0} total={0} />
          <Button onClick={() => make.reset()}>Stop</Button>
        </div>
      ) : (
        <Button onClick={() => void make.run()}>{image ? 'Make it anew…' : 'Make its image…'}</Button>
      )}
    </section>
  );
}
