import { type ClipboardEvent, type DragEvent, type KeyboardEvent, useState } from 'react';
import type { ContentPart } from '../../../../shared/conversation.ts';
import type { AgentSession } from '../../../../shared/agent-session.ts';
import { useHouse } from '../../../bridge/house.ts';
import { ProblemNote } from '../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../bridge/use-task.ts';
import { Button } from '../../../ui/Button.tsx';
import { TextArea } from '../../../ui/Field.tsx';
import styles from './Composer.module.css';
import { type AttachedImage, readImages } from './attached-images.ts';

/** What is said to the agent. While it works, a message waits in its inbox. */
export function Composer({ session }: { session: AgentSession }) {
  const { client } = useHouse();
  const [text, setText] = useState('');
  const [images, setImages] = useState<readonly AttachedImage[]>([]);
  const [refused, setRefused] = useState<string | null>(null);
  const send = useTask(async (_signal, parts: ContentPart[]) => {
    await client.agentSessions.send({ session: session.id, parts });
    setText('');
    setImages([]);
  });
  const attach = async (files: readonly File[]) => {
    const { read, why } = await readImages(files);
    setImages((before) => [...before, ...read].slice(0, 10));
    setRefused(why);
  };
  const go = () => {
    const parts: ContentPart[] = [
      ...(text.trim() === '' ? [] : [{ kind: 'text' as const, text }]),
      ...images.map(({ type, data }) => ({ kind: 'image' as const, type, data })),
    ];
    if (parts.length > 0 && !send.busy) void send.run(parts);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    go();
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    void attach(files);
  };
  const onDrop = (event: DragEvent) => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    void attach([...event.dataTransfer.files]);
  };
  return (
    <div className={styles.composer} onDrop={onDrop} onDragOver={(event) => event.preventDefault()}>
      <ProblemNote problem={send.problem} />
      {refused !== null && <p className={styles.refused}>{refused}</p>}
      {images.length > 0 && (
        <ul className={styles.images} aria-label="Images that go with it">
          {images.map((image, at) => (
            <li key={image.key}>
              <img src={`data:${image.type};base64,${image.data}`} alt={image.name} />
              <Button
                look="ghost"
                aria-label={`Leave ${image.name} out`}
                onClick={() => setImages(images.toSpliced(at, 1))}
              >
                ✕
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.line}>
        <TextArea
          aria-label={`Message to ${session.agent}`}
          className={styles.text}
          rows={1}
          placeholder={`Message to ${session.agent}`}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <Button
          look="lead"
          keys="enter"
          busy={send.busy}
          disabled={text.trim() === '' && images.length === 0}
          onClick={go}
        >
          {session.activity === 'working' ? 'Queue' : 'Send'}
        </Button>
      </div>
      {session.queued > 0 && (
        <p className={styles.soft}>{session.queued} in its inbox, taken up after this turn.</p>
      )}
    </div>
  );
}
