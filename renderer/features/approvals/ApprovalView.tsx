import { useEffect } from 'react';
import { type Approval, type ApprovalDetail, waits } from '../../../shared/approval.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Age } from '../../ui/Age.tsx';
import { Card } from '../../ui/Card.tsx';
import { Difference } from '../../ui/Difference.tsx';
import { hashOf } from '../../ui/place.ts';
import { TextBlock } from '../../ui/TextBlock.tsx';
import { Answering } from './Answering.tsx';
import styles from './ApprovalView.module.css';
import { outcomeWords, sentence } from './approval-words.ts';
import { PartLines } from './PartLines.tsx';
import { Replying } from './Replying.tsx';

/** One question whole: what would happen, where, why it is asked, and what can be said to it. */
export function ApprovalView({ approval }: { approval: Approval }) {
  const { client } = useHouse();
  const { run, result, problem } = useTask((signal) =>
    client.approvals.get({ approval: approval.id }, { signal }),
  );
  useEffect(() => void run(), [run, approval.state]);
  return (
    <article className={styles.approval} aria-label={approval.title}>
      <header className={styles.head}>
        <h2>{approval.title}</h2>
        <span className={styles.soft}>
          {approval.agent} · {approval.where} · <Age time={approval.asked} />
        </span>
        <a className={styles.soft} href={hashOf('sessions', { session: approval.session })}>
          its session
        </a>
      </header>
      <ProblemNote problem={problem} />
      {result && <Asked detail={result} />}
      <p className={styles.why}>{sentence(approval.why)}</p>
      {result &&
        waits(approval.state) &&
        (result.question ? <Replying detail={result} /> : <Answering detail={result} />)}
      {!waits(approval.state) && (
        <p className={styles.outcome}>
          It was {outcomeWords(approval)}
          {approval.settled?.reason ? `: ${approval.settled.reason}` : '.'}
        </p>
      )}
    </article>
  );
}

function Asked({ detail }: { detail: ApprovalDetail }) {
  const { parts, difference, input, edited, question, tool } = detail;
  if (question) return <Card className={styles.question}>{question.text}</Card>;
  return (
    <>
      {parts.length > 0 && <PartLines parts={parts} />}
      {difference && (
        <Card className={styles.difference}>
          <code>{difference.path}</code>
          <Difference of={difference.path} text={difference.text} />
        </Card>
      )}
      {input !== null && (
        <Arguments words={`What ${tool} is given`} value={input} open={parts.length === 0 && !difference} />
      )}
      {edited !== null && <Arguments words="What you let it have instead" value={edited} open />}
    </>
  );
}

function Arguments({ words, value, open }: { words: string; value: unknown; open: boolean }) {
  return (
    <details className={styles.arguments} open={open}>
      <summary>{words}</summary>
      <TextBlock label={words}>{JSON.stringify(value, null, 2)}</TextBlock>
    </details>
  );
}
