import { useEffect, useState } from 'react';
import type { Run, RunSubtask } from '../../../shared/run.ts';
import { Changes } from '../../bridge/changes/Changes.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Markdown } from '../../ui/Markdown.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { Tabs } from '../../ui/Tabs.tsx';
import { TextBlock } from '../../ui/TextBlock.tsx';
import { countOf } from '../../ui/words.ts';
import { EventsHere } from './EventsHere.tsx';
import { Outputs } from './outputs/Outputs.tsx';
import styles from './Pane.module.css';
import { type PartLook, PartPane } from './part/PartPane.tsx';
import type { KnownPart } from './part/use-part.ts';

type RunLook = 'result' | 'changes' | 'files' | 'events';

const filesLabel = (count: number) => (count === 0 ? 'Files' : `Files ${countOf(count)}`);

/** Below the graph: what the selected part said, did and left, or what came of the run. */
export function LowerPane({
  run,
  part,
  known,
  file,
  onFile,
}: {
  run: Run;
  part: RunSubtask | null;
  known: KnownPart | null;
  file: { path: string | null } | null;
  onFile: (path: string | null) => void;
}) {
  const [ofPart, setOfPart] = useState<PartLook>('transcript');
  const [ofRun, setOfRun] = useState<RunLook>(run.reviewing ? 'changes' : 'result');
  const reviewed = run.review !== 'none';
  const wanted = file?.path ?? null;
  useEffect(() => {
    if (wanted === null) return;
    setOfPart('files');
    setOfRun('files');
  }, [wanted]);
  useShortcuts('What to look at', [
    {
      keys: '1',
      title: part ? 'Transcript' : 'Result',
      run: () => (part ? setOfPart('transcript') : setOfRun('result')),
    },
    { keys: '2', title: 'Events', run: () => (part ? setOfPart('events') : setOfRun('events')) },
    { keys: '3', title: 'Files', run: () => (part ? setOfPart('files') : setOfRun('files')) },
    ...(part ? [{ keys: '4', title: 'What it was told', run: () => setOfPart('order') }] : []),
    ...(!part && reviewed ? [{ keys: '4', title: 'Changes', run: () => setOfRun('changes') }] : []),
  ]);
  return (
    <section
      id="run-pane"
      tabIndex={-1}
      className={styles.pane}
      aria-label={part ? `About the part ${part.title}` : 'About this run'}
    >
      <div className={styles.head}>
        {part ? (
          <Tabs
            label="What to look at"
            shown={ofPart}
            tabs={[
              { value: 'transcript', label: 'Transcript' },
              { value: 'events', label: 'Events' },
              { value: 'files', label: filesLabel(part.outputs.length) },
              { value: 'order', label: 'Order' },
            ]}
            onShow={setOfPart}
          />
        ) : (
          <Tabs
            label="What to look at"
            shown={ofRun}
            tabs={[
              { value: 'result', label: 'Result' },
              { value: 'events', label: 'Events' },
              { value: 'files', label: filesLabel(run.outputs.length) },
              ...(reviewed ? [{ value: 'changes' as const, label: 'Changes' }] : []),
            ]}
            onShow={setOfRun}
          />
        )}
        <span className={styles.about}>{part ? part.title : run.detail}</span>
      </div>
      <div className={styles.body}>
        {part ? (
          <PartPane run={run.id} part={part} known={known} look={ofPart} file={wanted} onFile={onFile} />
        ) : (
          <OfRun run={run} look={ofRun} file={wanted} onFile={onFile} onChanges={() => setOfRun('changes')} />
        )}
      </div>
    </section>
  );
}

/** An answer is laid out; the text of a file only where that is how it is written. */
function ResultText({ run, text }: { run: Run; text: string }) {
  const [file] = run.outputs;
  if (file === undefined || /\.(md|markdown)$/i.test(file.path)) return <Markdown text={text} />;
  return <TextBlock label="Result">{text}</TextBlock>;
}

function OfRun({
  run,
  look,
  file,
  onFile,
  onChanges,
}: {
  run: Run;
  look: RunLook;
  file: string | null;
  onFile: (path: string | null) => void;
  onChanges: () => void;
}) {
  if (look === 'changes') {
    return <Changes of={{ kind: 'run', id: run.id }} waits={run.reviewing} over={run.state === 'finished'} />;
  }
  if (look === 'events') return <EventsHere filter={{ run: run.id }} all={`run:${run.id}`} />;
  if (look === 'files') {
    return (
      <div className={styles.scroll}>
        <Outputs run={run.id} outputs={run.outputs} chosen={file} onChoose={onFile} />
      </div>
    );
  }
  if (run.result === null && run.outputs.length === 0 && !run.reviewing) {
    return (
      <Empty title={run.state === 'finished' ? 'It has no result' : 'Its result comes here'}>
        {run.state === 'finished'
          ? 'Each part tells in its transcript what it did.'
          : 'Choose a part in the graph to read along while it works.'}
      </Empty>
    );
  }
  return (
    <div className={styles.scroll}>
      {run.reviewing && (
        <p className={styles.soft}>
          What it changed in your folders waits for you.{' '}
          <Button onClick={onChanges}>Look at the changes</Button>
        </p>
      )}
      {run.result !== null && <ResultText run={run} text={run.result} />}
      {run.outputs.length > 0 && (
        <Outputs
          run={run.id}
          outputs={run.outputs}
          chosen={file}
          shut={run.result !== null}
          onChoose={onFile}
        />
      )}
    </div>
  );
}
