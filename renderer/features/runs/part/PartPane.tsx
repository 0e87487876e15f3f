import { useCallback, useEffect, useRef } from 'react';
import type { RunSubtask } from '../../../../shared/run.ts';
import { Changes } from '../../../bridge/changes/Changes.tsx';
import { Transcript, type TranscriptHandle } from '../../../bridge/conversation/Transcript.tsx';
import { useConversation } from '../../../bridge/conversation/use-conversation.ts';
import { useHouse } from '../../../bridge/house.ts';
import { ProblemNote } from '../../../bridge/ProblemNote.tsx';
import { partStanding } from '../../../bridge/run-standing.ts';
import { useTask } from '../../../bridge/use-task.ts';
import { Empty } from '../../../ui/Empty.tsx';
import { FactList } from '../../../ui/FactList.tsx';
import { TextBlock } from '../../../ui/TextBlock.tsx';
import { EventsHere } from '../EventsHere.tsx';
import { Outputs } from '../outputs/Outputs.tsx';
import styles from '../Pane.module.css';
import type { KnownPart } from './use-part.ts';

export const partLooks = ['transcript', 'events', 'files', 'order'] as const;
export type PartLook = (typeof partLooks)[number];

export interface PartPaneProps {
  run: string;
  part: RunSubtask;
  known: KnownPart | null;
  look: PartLook;
  file: string | null;
  onFile: (path: string | null) => void;
}

/** What the selected part said and did, what happened around it, what it left, and what it was told to do. */
export function PartPane({ run, part, known, look, file, onFile }: PartPaneProps) {
  switch (look) {
    case 'transcript':
      return part.session ? (
        <SessionOf key={part.session} session={part.session} />
      ) : (
        <Empty title={`It ${partStanding(part).words}`}>
          What it says and does is shown here once it begins.
        </Empty>
      );
    case 'events':
      return (
        <EventsHere key={part.id} filter={{ run, subtask: part.id }} all={`run:${run} subtask:${part.id}`} />
      );
    case 'files':
      return (
        <div className={styles.scroll}>
          <Outputs run={run} outputs={part.outputs} chosen={file} onChoose={onFile} />
          {part.session && <ReviewOf key={part.session} session={part.session} state={part.state} />}
        </div>
      );
    case 'order':
      return <Order known={known} />;
  }
}

function SessionOf({ session }: { session: string }) {
  const conversation = useConversation(session);
  const transcript = useRef<TranscriptHandle>(null);
  return (
    <>
      <ProblemNote problem={conversation.problem} />
      <Transcript session={session} conversation={conversation} handle={transcript} />
    </>
  );
}

/** What the part would change in folders under review, where it worked on a version of its own. */
function ReviewOf({ session, state }: { session: string; state: string }) {
  const { client } = useHouse();
  const { run: ask, result } = useTask((signal) => client.agentSessions.get({ session }, { signal }));
  const again = useCallback(() => void ask(), [ask]);
  useEffect(again, [again, state]);
  if (!result || result.review === 'none') return null;
  const waits = result.review === 'waiting' || result.review === 'partly_applied';
  return <Changes of={{ kind: 'session', id: result.id }} waits={waits} over />;
}

function Order({ known }: { known: KnownPart | null }) {
  if (!known) return null;
  const params = Object.entries(known.params);
  return (
    <div className={styles.scroll}>
      <section>
        <h2>What it was told</h2>
        <TextBlock label="What it was told">
          {known.message || 'Nothing: its code does what its role says.'}
        </TextBlock>
      </section>
      {params.length > 0 && (
        <section>
          <h2>Parameters</h2>
          <FactList
            facts={params.map(([name, value]) => [
              name,
              <code key={name}>{typeof value === 'string' ? value : JSON.stringify(value)}</code>,
            ])}
          />
        </section>
      )}
    </div>
  );
}
