import { memo, useState } from 'react';
import type { TranscriptEntry } from '../../../shared/agent-session.ts';
import { dollars } from '../../../shared/money-words.ts';
import { Button } from '../../ui/Button.tsx';
import { Dot } from '../../ui/Dot.tsx';
import { Markdown } from '../../ui/Markdown.tsx';
import { TextBlock } from '../../ui/TextBlock.tsx';
import { say } from '../../ui/Toast.tsx';
import { bytesOf, clockOf } from '../../ui/words.ts';
import { tokensOf } from './agent-session-words.ts';
import styles from './Entry.module.css';
import { ToolCardView } from './ToolCardView.tsx';

type Of<Kind extends TranscriptEntry['kind']> = Extract<TranscriptEntry, { kind: Kind }>;

/** One entry of a transcript; laid out again only when it has changed. */
export const EntryView = memo(({ session, entry }: { session: string; entry: TranscriptEntry }) => {
  switch (entry.kind) {
    case 'person':
      return <Person entry={entry} />;
    case 'answer':
      return <Answer entry={entry} />;
    case 'call':
      return <ToolCardView session={session} card={entry.card} />;
    case 'note':
      return (
        <p className={styles.note}>
          <Dot tone={entry.tone} /> {entry.text}
        </p>
      );
  }
});
EntryView.displayName = 'EntryView';

function Person({ entry }: { entry: Of<'person'> }) {
  return (
    <div className={styles.person}>
      <p className={styles.soft}>
        {entry.from} · {clockOf(new Date(entry.time))}
      </p>
      {/* Parts of a message never move. */}
      {/* oxlint-disable react/no-array-index-key */}
      {entry.parts.map((part, at) =>
        part.kind === 'text' ? (
          <LongText key={at} text={part.text} />
        ) : (
          <img
            key={at}
            className={styles.image}
            alt="attached"
            src={`data:${part.type};base64,${part.data}`}
          />
        ),
      )}
      {/* oxlint-enable react/no-array-index-key */}
    </div>
  );
}

function Answer({ entry }: { entry: Of<'answer'> }) {
  const { model, text, thinking, usage, cost, seconds } = entry;
  // A scaffold answers by code: what a model would have cost says nothing of it.
  const byCode = model.startsWith('holdfast/');
  if (byCode && text === '') return null;
  const facts = byCode
    ? ['by code, without a model']
    : [
        model,
        `${tokensOf(usage.input)} in, ${tokensOf(usage.output)} out`,
        ...(cost === null ? [] : [dollars(cost)]),
        `${seconds.toFixed(1)} s`,
      ];
  return (
    <div className={styles.answer}>
      {thinking !== '' && (
        <details className={styles.thinking}>
          <summary>What it thought</summary>
          <p>{thinking}</p>
        </details>
      )}
      {text !== '' && <LongText text={text} />}
      <p className={styles.facts}>
        {facts.join(' · ')}
        {text !== '' && (
          <button type="button" className={styles.copy} onClick={() => void copied(text)}>
            Copy
          </button>
        )}
      </p>
    </div>
  );
}

async function copied(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  say('Copied.');
}

/** Of a very long text the beginning, and the whole when somebody wants it. */
const most = 30_000;

function LongText({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  if (text.length <= most) return <Markdown text={text} />;
  return (
    <>
      <TextBlock label="Text">{whole ? text : text.slice(0, 4000)}</TextBlock>
      <div className={styles.actions}>
        {!whole && <Button onClick={() => setWhole(true)}>Show all {bytesOf(text.length)}</Button>}
        <Button look="ghost" onClick={() => void copied(text)}>
          Copy
        </Button>
      </div>
    </>
  );
}
