import { memo } from 'react';
import { Markdown } from '../../ui/Markdown.tsx';
import { TextBlock } from '../../ui/TextBlock.tsx';
import styles from './Entry.module.css';

/** While it grows, a long text is shown as it is; it is laid out when it is whole. */
const laidOut = 12_000;

/** What the model writes right now. */
export const Writing = memo(({ text, thinking }: { text: string; thinking: string }) => {
  if (text === '' && thinking === '') return <div className={styles.end} />;
  return (
    <div className={styles.answer} data-writing>
      {text === '' && <p className={styles.soft}>{thinking.slice(-400)}</p>}
      {text.length > laidOut ? (
        <TextBlock label="What it writes">{text}</TextBlock>
      ) : (
        <Markdown text={text} />
      )}
    </div>
  );
});
Writing.displayName = 'Writing';
