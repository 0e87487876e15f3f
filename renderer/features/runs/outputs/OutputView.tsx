import { useEffect, useState } from 'react';
import { useHouse } from '../../../bridge/house.ts';
import { ProblemNote } from '../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../bridge/use-task.ts';
import { Button } from '../../../ui/Button.tsx';
import { CopyText } from '../../../ui/CopyText.tsx';
import { Markdown } from '../../../ui/Markdown.tsx';
import { Tabs } from '../../../ui/Tabs.tsx';
import { TextBlock } from '../../../ui/TextBlock.tsx';
import { bytesOf } from '../../../ui/words.ts';
import { readOutput } from './read-output.ts';
import { saveFile } from '../../../ui/save-file.ts';
import styles from './Outputs.module.css';

const images: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
};
/** Larger pictures are saved and looked at elsewhere. */
const largestImage = 4_000_000;

/** The beginning of a file, and the rest when it is wanted. Nothing in it is carried out: text is text. */
export function OutputView({ run, path }: { run: string; path: string }) {
  const { client } = useHouse();
  const [asText, setAsText] = useState(false);
  const first = useTask((signal) => client.runs.output({ run, path, offset: 0 }, { signal }));
  const { run: ask } = first;
  useEffect(() => void ask(), [ask, run, path]);
  const save = useTask(async (signal) =>
    saveFile(await readOutput(client, run, path, Infinity, signal), path.split('/').at(-1) ?? 'file'),
  );
  const extension = path.split('.').at(-1)?.toLowerCase() ?? '';
  const found = first.result;
  const text = found?.text ?? null;
  const laidOut = text !== null && (extension === 'md' || extension === 'markdown');
  return (
    <div className={styles.view}>
      <ProblemNote problem={first.problem ?? save.problem} />
      {found && !found.same && (
        <p className={styles.changed}>It is no longer what the record says it was when it was left.</p>
      )}
      {found && laidOut && (
        <Tabs
          label="How it is shown"
          shown={asText ? 'text' : 'page'}
          tabs={[
            { value: 'page', label: 'Laid out' },
            { value: 'text', label: 'As text' },
          ]}
          onShow={(how) => setAsText(how === 'text')}
        />
      )}
      {text !== null &&
        (laidOut && !asText ? (
          <div className={styles.page}>
            <Markdown text={text} />
          </div>
        ) : (
          <TextBlock label={`Text of ${path}`}>{text}</TextBlock>
        ))}
      {found?.text === null && extension in images && found.bytes <= largestImage && (
        <Picture run={run} path={path} type={images[extension] ?? ''} />
      )}
      {found?.text === null && !(extension in images) && (
        <p className={styles.none}>It is no text: save it and open it with a program for it.</p>
      )}
      <div className={styles.actions}>
        {found && found.next !== null && found.text !== null && (
          <span className={styles.none}>The beginning of {bytesOf(found.bytes)}.</span>
        )}
        <Button busy={save.busy} onClick={() => void save.run()}>
          Save a copy
        </Button>
        <CopyText value={path} label="where it lies" />
      </div>
    </div>
  );
}

function Picture({ run, path, type }: { run: string; path: string; type: string }) {
  const { client } = useHouse();
  const {
    run: read,
    result,
    problem,
  } = useTask((signal) => readOutput(client, run, path, largestImage, signal));
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => void read(), [read]);
  useEffect(() => {
    if (!result) return;
    const made = URL.createObjectURL(new Blob([result], { type }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [result, type]);
  return (
    <>
      <ProblemNote problem={problem} />
      {address && <img className={styles.image} alt={path.split('/').at(-1)} src={address} />}
    </>
  );
}
