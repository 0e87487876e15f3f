import { useState } from 'react';
import type { ToolCard } from '../../../shared/agent-session.ts';
import { waits } from '../../../shared/approval.ts';
import { useKnownApprovals } from '../approvals.ts';
import { useHouse } from '../house.ts';
import { ProblemNote } from '../ProblemNote.tsx';
import { useTask } from '../use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Difference } from '../../ui/Difference.tsx';
import { Dot, type DotTone } from '../../ui/Dot.tsx';
import { hashOf } from '../../ui/place.ts';
import { TextBlock } from '../../ui/TextBlock.tsx';
import { bytesOf } from '../../ui/words.ts';
import { millisecondsOf } from './agent-session-words.ts';
import styles from './ToolCardView.module.css';

const states: Record<ToolCard['state'], { words: string; tone: DotTone }> = {
  queued: { words: 'has not begun', tone: 'quiet' },
  running: { words: 'runs', tone: 'running' },
  waiting: { words: 'waits for you', tone: 'waits' },
  done: { words: 'done', tone: 'good' },
  failed: { words: 'failed', tone: 'refused' },
  denied: { words: 'denied', tone: 'refused' },
  unknown: { words: 'nobody knows whether it happened', tone: 'waits' },
};

const surfaces: Record<ToolCard['surface'], string> = {
  none: 'in Holdfast',
  namespace: 'in its sandbox',
  container: 'in its container',
  broker: 'through the broker',
};

/** One tool call: what with, where, how long, what came back, and who let it happen. */
export function ToolCardView({ session, card }: { session: string; card: ToolCard }) {
  const [open, setOpen] = useState(false);
  const { words, tone } = states[card.state];
  return (
    <div className={styles.card} data-state={card.state}>
      <button type="button" className={styles.head} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Dot tone={tone} label={words} />
        <span className={styles.title}>{card.title}</span>
        <code className={styles.preview}>{card.preview}</code>
        <span className={styles.soft}>
          {card.milliseconds === null || card.state === 'denied'
            ? words
            : `${millisecondsOf(card.milliseconds)} ${surfaces[card.surface]}`}
        </span>
      </button>
      {card.shown?.kind === 'diff' && <Difference of={card.shown.path} text={card.shown.text} />}
      {card.state === 'waiting' && <Waiting card={card} />}
      {card.state === 'unknown' && <Settling session={session} card={card} />}
      {open && <Details session={session} card={card} />}
    </div>
  );
}

function Waiting({ card }: { card: ToolCard }) {
  const { client } = useHouse();
  const { all } = useKnownApprovals();
  const approval = [...(all?.values() ?? [])].find(({ call, state }) => call === card.call && waits(state));
  const answer = useTask((_signal, kind: 'once' | 'deny') =>
    client.approvals.answer({
      approval: approval?.id ?? '',
      answer: kind === 'once' ? { kind } : { kind, reason: '' },
    }),
  );
  if (!approval) return null;
  return (
    <div className={styles.actions}>
      <ProblemNote problem={answer.problem} />
      {approval.kind === 'call' && (
        <>
          <Button look="lead" busy={answer.busy} onClick={() => void answer.run('once')}>
            Allow once
          </Button>
          <Button busy={answer.busy} onClick={() => void answer.run('deny')}>
            Deny
          </Button>
        </>
      )}
      <a className={styles.soft} href={hashOf('approvals', { approval: approval.id })}>
        {approval.kind === 'call' ? 'everything about it, and other answers' : 'answer it'}
      </a>
    </div>
  );
}

function Settling({ session, card }: { session: string; card: ToolCard }) {
  const { client } = useHouse();
  const settle = useTask((_signal, decision: 'redo' | 'skip' | 'fail') =>
    client.agentSessions.settle({ session, call: card.call, decision }),
  );
  return (
    <div className={styles.unsure}>
      <p>
        Holdfast ended while this was at work. Look whether it happened, then say how to go on: nothing is
        repeated by itself.
      </p>
      <div className={styles.actions}>
        <Button busy={settle.busy} onClick={() => void settle.run('redo')}>
          Do it again
        </Button>
        <Button busy={settle.busy} onClick={() => void settle.run('skip')}>
          It happened
        </Button>
        <Button busy={settle.busy} onClick={() => void settle.run('fail')}>
          It did not
        </Button>
      </div>
      <ProblemNote problem={settle.problem} />
    </div>
  );
}

function Details({ session, card }: { session: string; card: ToolCard }) {
  const { client } = useHouse();
  const whole = useTask((signal) => client.agentSessions.call({ session, call: card.call }, { signal }));
  const input = whole.result?.input ?? card.input;
  const result =
    whole.result?.result?.map((part) => (part.kind === 'text' ? part.text : '[an image]')).join('\n') ??
    card.result;
  const more = card.resultBytes > (card.result?.length ?? 0) && !whole.result;
  return (
    <div className={styles.details}>
      <p className={styles.soft}>
        <code>{card.tool}</code>
        {card.decidedBy !== null && ` · ${card.decidedBy}`}
      </p>
      <TextBlock label="What it was given">
        {input === null ? 'It is not kept here: ask for all of it.' : JSON.stringify(input, null, 2)}
      </TextBlock>
      {result !== null && <TextBlock label="What came back">{result}</TextBlock>}
      <ProblemNote problem={whole.problem} />
      {(more || input === null) && (
        <div>
          <Button look="ghost" busy={whole.busy} onClick={() => void whole.run()}>
            Show all {bytesOf(card.resultBytes)}
          </Button>
        </div>
      )}
    </div>
  );
}
