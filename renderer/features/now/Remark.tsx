import { useEffect, useRef, useState } from 'react';
import { useHouse, useStatus } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { hashOf, stay, usePlace } from '../../ui/place.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { say } from '../../ui/Toast.tsx';
import { countOf, ends } from '../../ui/words.ts';
import styles from './Remark.module.css';

const most = 10_000;

/** The record at a glance, and the one thing a person can add to it by hand. */
export function Remark() {
  const { client } = useHouse();
  const record = useStatus()?.record;
  const place = usePlace();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const note = useTask((_signal, words: string) => client.record.note({ text: words }));
  const wanted = place.params.get('do') === 'note';
  useEffect(() => {
    if (!wanted) return;
    field.current?.focus();
    stay({});
  }, [wanted]);

  useShortcuts('Now', [
    { keys: 'n', title: 'Put a remark on the record', run: () => field.current?.focus() },
  ]);

  const words = text.trim();
  const submit = async () => {
    if (words === '' || note.busy) return;
    const event = await note.run(words);
    if (!event) return;
    setText('');
    say(`On the record as event ${countOf(event.seq)}.`);
  };

  return (
    <Section title="The record">
      <Card className={styles.card}>
        <textarea
          ref={field}
          className={styles.text}
          aria-label="Put a remark on the record"
          aria-describedby="remark-consequence"
          placeholder="Put a remark on the record"
          maxLength={most}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit();
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <div className={styles.row}>
          {record && (
            <>
              <a className={styles.chip} href={hashOf('audit')}>
                Events <b>{countOf(record.size)}</b>
              </a>
              <span className={styles.chip}>
                Checkpoint <b>{record.checkpoint ? <Age time={record.checkpoint.time} /> : 'none yet'}</b>
              </span>
              <span className={styles.chip} data-storage={record.storage}>
                Storage <b>{record.storage}</b>
              </span>
              <span className={styles.chip} title={record.fingerprint}>
                Key <b>{ends(record.fingerprint.replace(/^SHA256:/, ''))}</b>
              </span>
            </>
          )}
          <Button
            className={styles.go}
            keys="mod enter"
            disabled={words === ''}
            busy={note.busy}
            onClick={() => void submit()}
          >
            Note
          </Button>
        </div>
        {note.problem && (
          <div className={styles.problem}>
            <ProblemNote problem={note.problem} />
          </div>
        )}
        <p className={styles.may} id="remark-consequence">
          <Icon name="shield" />
          <span>
            A remark becomes an event{record && ` (the next is ${countOf(record.size)})`}, in your name. The
            next checkpoint signs it; after that nobody can change it unnoticed. Passwords that Holdfast keeps
            are taken out first.
          </span>
        </p>
      </Card>
    </Section>
  );
}
