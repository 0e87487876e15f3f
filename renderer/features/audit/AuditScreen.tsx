import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Button } from '../../ui/Button.tsx';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { plural } from '../../ui/words.ts';
import styles from './AuditScreen.module.css';
import { EventInspector } from './EventInspector.tsx';
import type { EventListHandle } from './EventList.tsx';
import { Events } from './Events.tsx';
import { ExportDialog } from './ExportDialog.tsx';
import { FilterChips } from './FilterChips.tsx';
import { parseSearch } from './search-syntax.ts';
import { SearchField } from './SearchField.tsx';
import { rememberVerified, Standing } from './Standing.tsx';
import { useActors } from './use-actors.ts';
import { useAuditPlace } from './use-audit-place.ts';
import { useRecordRows } from './use-record-rows.ts';
import { useSettled } from './use-settled.ts';
import { VerifyDialog } from './VerifyDialog.tsx';

/** Every event: found, followed, looked into, proven, taken along. */
export function AuditScreen() {
  const [text, setText] = useState('');
  const [active, setActive] = useState<number | null>(null);
  const [open, setOpen] = useState(false);
  const [atTop, setAtTop] = useState(true);
  const [dialog, setDialog] = useState<'verify' | 'export' | null>(null);
  const list = useRef<EventListHandle>(null);
  /** Somebody is on the way from the search to its results, which may not be there yet. */
  const bound = useRef(false);
  const field = useRef<HTMLInputElement>(null);

  const settled = useSettled(text, 150);
  const search = useMemo(() => parseSearch(settled, new Date()), [settled]);
  const following = atTop && active === null;
  const { source, problem, waiting, catchUp, again } = useRecordRows(search.filter, following);
  const actors = useActors(source);

  const show = useCallback((seq: number) => {
    setActive(seq);
    setOpen(true);
  }, []);
  const close = useCallback(() => {
    setOpen(false);
    setActive(null);
    list.current?.focus();
  }, []);
  useAuditPlace({ text, setText, active, show, setDialog, field });
  useEffect(() => {
    if (following) catchUp();
  }, [following, catchUp]);
  useEffect(() => {
    if (active !== null && source) list.current?.reveal(active);
  }, [source]);

  const done = () => {
    if (search.jump !== null) show(search.jump);
    if (search.jump !== null) list.current?.reveal(search.jump);
    bound.current = list.current === null;
    list.current?.focus();
  };
  const takeList = useCallback((handle: EventListHandle | null) => {
    list.current = handle;
    if (!handle || !bound.current) return;
    bound.current = false;
    handle.focus();
  }, []);
  const toNewest = () => {
    setActive(null);
    setOpen(false);
    list.current?.toNewest();
    catchUp();
  };
  useShortcuts('Audit', [
    { keys: 'escape', title: 'Close the inspector, follow again', run: close },
    { keys: 'l', title: 'Jump to the newest event', run: toNewest },
  ]);

  return (
    <div className={styles.screen} data-inspecting={(open && active !== null) || undefined}>
      <header className={styles.head}>
        <h1>Audit</h1>
        <SearchField text={text} onText={setText} onDone={done} actors={actors} field={field} />
        <div className={styles.chips}>
          <FilterChips text={text} terms={search.terms} actors={actors} onText={setText} />
        </div>
        <Standing onVerify={() => setDialog('verify')} onExport={() => setDialog('export')} />
      </header>
      <section className={styles.events} aria-label="Events">
        {search.problems.length > 0 && text === settled && (
          <p role="status" className={styles.hint}>
            {search.problems.join(' ')}
          </p>
        )}
        <ProblemNote
          problem={problem ?? source?.problem ?? null}
          action={<Button onClick={() => (source ? source.retry() : again())}>Try again</Button>}
        />
        <div className={styles.list}>
          {source && (
            <Events
              source={source}
              filtered={Object.keys(search.filter).length > 0}
              active={active}
              onActive={setActive}
              onOpen={show}
              onAtTop={setAtTop}
              onClear={() => setText('')}
              list={takeList}
            />
          )}
          {waiting > 0 && (
            <Button className={styles.newest} onClick={toNewest} keys="l">
              {plural(waiting, 'new event')} · jump to newest
            </Button>
          )}
        </div>
      </section>
      {open && active !== null && <EventInspector seq={active} onClose={close} />}
      <VerifyDialog
        open={dialog === 'verify'}
        onClose={() => setDialog(null)}
        onVerified={rememberVerified}
      />
      <ExportDialog open={dialog === 'export'} filter={search.filter} onClose={() => setDialog(null)} />
    </div>
  );
}
