import type { Session } from '../../../../shared/session.ts';
import type { SessionWork } from '../../../../shared/session-work.ts';
import { changedWords, isLive } from '../../../bridge/session-standing.ts';
import { useLastEvent } from '../../../bridge/use-last-event.ts';
import { againOf } from '../../../bridge/work/again-form.ts';
import { openWork } from '../../../bridge/work/work-sheet.ts';
import { Button } from '../../../ui/Button.tsx';
import { CopyText } from '../../../ui/CopyText.tsx';
import { Dot } from '../../../ui/Dot.tsx';
import { FactList } from '../../../ui/FactList.tsx';
import styles from './Work.module.css';

const kinds = { work_unit: '', request: 'A request: ', artifact: 'An artifact: ' } as const;

/** What a command agent was started with, how it ended, and its record on the disk. */
export function WorkFacts({ session, work }: { session: Session; work: SessionWork }) {
  const { repository, branch, base, input, attachments, methodology } = work;
  const { outcome } = session;
  const facts: [string, string][] = [
    ['Agent', work.agent],
    ['Repository', repository],
    ['Branch', branch ?? 'the repository’s own'],
    ...(base === null ? [] : [['Began at', base.slice(0, 12)] as [string, string]]),
    ['Handed', input ? `${kinds[input.kind]}${input.words}` : 'nothing'],
    ...(attachments.length > 0 ? [['Attached', attachments.join(', ')] as [string, string]] : []),
    ...(methodology === null ? [] : [['Methodology', methodology] as [string, string]]),
    ...(work.collected ? [['Changed', changedWords(work)] as [string, string]] : []),
    ...(outcome
      ? [['Ended with', `${outcome.label.replaceAll('_', ' ')}, code ${outcome.code}`] as [string, string]]
      : []),
    ...(outcome?.reason ? [['Because', outcome.reason] as [string, string]] : []),
  ];
  return (
    <>
      <section>
        <header className={styles.head}>
          <h2>Its work</h2>
          {!isLive(session) && (
            <Button keys="r" onClick={() => openWork(againOf(session.id, work))}>
              Start again…
            </Button>
          )}
        </header>
        <FactList facts={facts} />
      </section>
      <section>
        <h2>Its record</h2>
        <RecordOf session={session} work={work} />
      </section>
    </>
  );
}

function RecordOf({ session, work: { record, sealed } }: { session: Session; work: SessionWork }) {
  const over = session.outcome !== null;
  const unsealed = useLastEvent(session.id, ['session.unsealed'], over && record !== null && !sealed);
  const reason = (unsealed?.data as { reason?: string } | undefined)?.reason?.replace(/\.$/, '') ?? null;
  if (record === null) {
    return <p className={styles.soft}>{over ? 'None is on the disk.' : 'It is written while it works.'}</p>;
  }
  return (
    <div className={styles.record}>
      <p className={styles.sealed}>
        <Dot tone={sealed ? 'good' : 'refused'} />
        {sealed ? 'Sealed: nobody changes it unseen.' : `Incomplete${reason === null ? '.' : `: ${reason}.`}`}
      </p>
      <CopyText value={record} label="the folder of the record" />
      {sealed && (
        <p className={styles.soft}>
          <code>holdfast verify FOLDER</code> proves it, and so does <code>verify-record.mjs</code> without
          Holdfast.
        </p>
      )}
    </div>
  );
}
