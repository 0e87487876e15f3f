import { useEffect, useState } from 'react';
import type { WorkFile } from '../../../shared/contract/work.ts';
import { sentenceOf } from '../../../shared/events/catalogue.ts';
import type { Session } from '../../../shared/session.ts';
import type { SessionWork } from '../../../shared/session-work.ts';
import { useHouse } from '../house.ts';
import { ProblemNote } from '../ProblemNote.tsx';
import { useLastEvent } from '../use-last-event.ts';
import { useTask } from '../use-task.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { Difference } from '../../ui/Difference.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { say } from '../../ui/Toast.tsx';
import { plural } from '../../ui/words.ts';
import { ApplyDialog } from './ApplyDialog.tsx';
import styles from './Changes.module.css';
import { DiscardDialog } from './DiscardDialog.tsx';
import own from './WorkChanges.module.css';

const kinds: Record<WorkFile['kind'], string> = {
  added: 'new',
  modified: 'changed',
  removed: 'removed',
  renamed: 'renamed',
  mode: 'other permissions',
};

/** What a command agent committed and changed on its clone: looked at, applied, put on a branch, saved, or let go. */
export function WorkChanges({ session: { id }, work }: { session: Session; work: SessionWork }) {
  const { client } = useHouse();
  const [looked, setLooked] = useState<string | null>(null);
  const [asking, setAsking] = useState<'apply' | 'discard' | null>(null);
  const found = useTask((signal) => client.work.changes({ session: id }, { signal }));
  const { run: look } = found;
  useEffect(() => {
    if (work.kept) void look();
  }, [look, work.kept]);
  const save = useTask(async (signal) => {
    const { text, why } = await client.work.difference({ session: id, path: null }, { signal });
    if (text === null) say(`It cannot be a patch here: ${why ?? 'no text'}. Apply it instead.`, 'refused');
    else saveFile(new Blob([text], { type: 'text/x-patch' }), `${work.agent}-${id.slice(-6)}.patch`);
  });
  const discard = useTask(async (_signal) => {
    await client.work.discard({ session: id });
    setAsking(null);
    say('The changes were thrown away.');
  });
  const { collected } = work;
  if (!work.kept) {
    const nothing = collected === null || (collected.files === 0 && collected.commits === 0);
    return nothing ? <p className={own.over}>It left the repository as it was.</p> : <Decided session={id} />;
  }
  const { commits = [], files = [], more = 0 } = found.result ?? {};
  return (
    <div className={styles.changes}>
      <ProblemNote problem={found.problem ?? save.problem ?? discard.problem} />
      {found.busy && !found.result && <p className={styles.none}>Comparing …</p>}
      {commits.length > 0 && (
        <section>
          <h2>{plural(commits.length, 'commit')}</h2>
          <ul className={own.commits} aria-label="Commits">
            {commits.map(({ commit, subject, author, time }) => (
              <li key={commit}>
                <code className={own.soft}>{commit.slice(0, 8)}</code>
                <span className={own.subject}>{subject}</span>
                <span className={own.soft}>
                  {author} · <Age time={time} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {found.result && (
        <section>
          <h2>{plural(files.length + more, 'changed file')}</h2>
          <ul className={styles.list} aria-label="Changed files">
            {files.map((file) => (
              <FileRow
                key={file.path}
                session={id}
                file={file}
                looked={looked === file.path}
                onLook={() => setLooked(looked === file.path ? null : file.path)}
              />
            ))}
          </ul>
          {more > 0 && (
            <p className={styles.none}>and {plural(more, 'more file')}, which are applied with these</p>
          )}
        </section>
      )}
      <footer className={styles.actions}>
        <Button onClick={() => setAsking('discard')} disabled={discard.busy}>
          Throw away…
        </Button>
        <Button busy={save.busy} onClick={() => void save.run()}>
          Save as patch
        </Button>
        <Button look="lead" disabled={!found.result} onClick={() => setAsking('apply')}>
          Apply…
        </Button>
      </footer>
      <ApplyDialog session={id} work={work} open={asking === 'apply'} onClose={() => setAsking(null)} />
      <DiscardDialog
        of="session"
        stays="The repository stays as it is."
        open={asking === 'discard'}
        discard={discard}
        onClose={() => setAsking(null)}
      />
    </div>
  );
}

/** What became of the changes. */
function Decided({ session }: { session: string }) {
  const event = useLastEvent(session, ['work.applied', 'work.discarded'], true);
  return <p className={own.over}>{event ? `Decided: ${sentenceOf(event)}.` : 'It is decided.'}</p>;
}

function FileRow({
  session,
  file: { path, kind, untracked, added, removed },
  looked,
  onLook,
}: {
  session: string;
  file: WorkFile;
  looked: boolean;
  onLook: () => void;
}) {
  return (
    <li className={own.file}>
      <button type="button" className={styles.path} aria-expanded={looked} onClick={onLook}>
        <code>{path}</code>
      </button>
      <span className={styles.kind}>
        {kinds[kind]}
        {untracked && ', not committed'}
      </span>
      <span className={own.lines}>
        {added === null || removed === null ? 'no text' : `+${added} −${removed}`}
      </span>
      {looked && <FileDifference session={session} path={path} />}
    </li>
  );
}

function FileDifference({ session, path }: { session: string; path: string }) {
  const { client } = useHouse();
  const { run, result, problem } = useTask((signal) => client.work.difference({ session, path }, { signal }));
  useEffect(() => void run(), [run]);
  return (
    <div className={own.whole}>
      <ProblemNote problem={problem} />
      {result?.why && <p className={own.soft}>{result.why}</p>}
      {result?.text && <Difference of={path} text={result.text} />}
    </div>
  );
}
