import { useState } from 'react';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { bytesOf } from '../../ui/words.ts';
import styles from './Attachments.module.css';
import { saveFile } from '../../ui/save-file.ts';
import { isText, readBlob } from './blob-reading.ts';

type RecordedBlob = RecordedEvent['blobs'][number];

/** Text larger than this is offered as a download only. */
const mostShown = 200_000;

export function Attachments({ event }: { event: RecordedEvent }) {
  if (event.blobs.length === 0) return null;
  return (
    <section className={styles.attachments} aria-label="Attachments">
      <h2>Attachments</h2>
      <ul>
        {event.blobs.map((blob) => (
          <Attachment key={blob.index} seq={event.seq} blob={blob} />
        ))}
      </ul>
    </section>
  );
}

function Attachment({ seq, blob }: { seq: number; blob: RecordedBlob }) {
  const { client } = useHouse();
  const [text, setText] = useState<string | null>(null);
  const load = useTask(async (signal, use: 'show' | 'save') => {
    const content = await readBlob(client, seq, blob.index, signal);
    if (use === 'save') saveFile(content, blob.name);
    else setText(await content.text());
  });
  const present = blob.state === 'present';
  const readable = present && isText(blob.type) && blob.size <= mostShown;
  return (
    <li className={styles.attachment}>
      <div className={styles.name}>{blob.name}</div>
      <div className={styles.detail}>
        {bytesOf(blob.size)} · {blob.type}
        {!present && ` · ${blob.state}`}
      </div>
      {present && (
        <div className={styles.actions}>
          {readable && (
            <Button
              look="ghost"
              busy={load.busy}
              onClick={() => (text === null ? void load.run('show') : setText(null))}
            >
              {text === null ? 'View' : 'Hide'}
            </Button>
          )}
          <Button look="ghost" busy={load.busy} onClick={() => void load.run('save')}>
            Download
          </Button>
        </div>
      )}
      <ProblemNote problem={load.problem} />
      {text !== null && (
        <pre className={styles.text} tabIndex={0}>
          {text}
        </pre>
      )}
    </li>
  );
}
