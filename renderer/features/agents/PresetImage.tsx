import { useCallback, useState } from 'react';
import type { Agent } from '../../../shared/agent.ts';
import type { PresetName } from '../../../shared/command-agent.ts';
import { plural } from '../../../shared/plural.ts';
import type { KeptImage } from '../../../shared/preset-image.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Client } from '../../bridge/client.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useAnswer } from '../../bridge/use-answer.ts';
import { useTask } from '../../bridge/use-task.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { Progress } from '../../ui/Progress.tsx';
import { bytesOf } from '../../ui/words.ts';
import styles from './PresetImage.module.css';

/** The preset of an agent whose image is made here; null: it needs none. */
export function imagePreset({ command, sandbox }: Agent): PresetName | null {
  const isMade = sandbox.kind === 'container' && sandbox.image === null;
  const known = command?.preset ?? null;
  return isMade && known !== null && known !== 'script' && known !== 'runa' ? known : null;
}

const kinds = ['image.made', 'image.removed'];

/** Whether there is an image with the program of a known agent, and ways to make one and to remove older ones. */
export function PresetImage({ preset }: { preset: PresetName }) {
  const { client } = useHouse();
  const [words, setWords] = useState('');
  const ask = useCallback(
    (asked: Client, signal: AbortSignal) => asked.agents.images({ preset }, { signal }),
    [preset],
  );
  const found = useAnswer(ask, kinds);
  const make = useTask(async (signal) => {
    for await (const each of await client.agents.makeImage({ preset }, { signal })) {
      if (each.state === 'made') return each.image;
      setWords(each.words);
    }
    throw new Problem('unavailable', 'It ended without a word.', 'Try again.');
  });
  const image = found.value?.find(({ newest }) => newest) ?? null;
  return (
    <section className={styles.image} aria-label="Its image">
      <h3>Its image</h3>
      {image ? (
        <p>
          {image.package} {image.version}, {bytesOf(image.bytes)}, made <Age time={image.made} />,{' '}
          <code>{image.digest.slice(0, 19)}</code>
        </p>
      ) : (
        found.value && <p className={styles.soft}>None is made yet: it cannot start without one.</p>
      )}
      <ProblemNote problem={make.problem ?? found.problem} />
      {make.busy ? (
        <div className={styles.making}>
          <Progress label={words || 'beginning'} done={0} total={0} />
          <Button onClick={() => make.reset()}>Stop</Button>
        </div>
      ) : (
        <Button onClick={() => void make.run()}>{image ? 'Make it anew' : 'Make its image'}</Button>
      )}
      <Older preset={preset} images={found.value?.filter(({ newest }) => !newest) ?? []} />
    </section>
  );
}

/** Those that no agent of the preset gets any more; what something else names stays. */
function Older({ preset, images }: { preset: PresetName; images: readonly KeptImage[] }) {
  const { client } = useHouse();
  const prune = useTask((signal) => client.agents.pruneImages({ preset }, { signal }));
  if (images.length === 0) return null;
  const unused = images.filter(({ usedBy }) => usedBy.length === 0);
  const stayed = prune.result?.kept.filter(({ image }) =>
    unused.some(({ digest }) => digest === image.digest),
  );
  const bytes = unused.reduce((sum, each) => sum + each.bytes, 0);
  return (
    <div className={styles.olders}>
      <h4>Older ones</h4>
      <ul className={styles.older} aria-label="Older images">
        {images.map(({ digest, version, bytes: size, made, usedBy }) => (
          <li key={digest}>
            {version}, {bytesOf(size)}, made <Age time={made} />, <code>{digest.slice(0, 19)}</code>
            {usedBy.length > 0 && `, used by ${usedBy.join(', ')}`}
          </li>
        ))}
      </ul>
      <ProblemNote problem={prune.problem} />
      {stayed?.map(({ image, why }) => (
        <p key={image.digest} className={styles.soft}>
          {image.version} stays: {why}.
        </p>
      ))}
      {unused.length > 0 && (
        <Button onClick={() => void prune.run()} busy={prune.busy}>
          Remove {plural(unused.length, 'older image')}, {bytesOf(bytes)}
        </Button>
      )}
    </div>
  );
}
