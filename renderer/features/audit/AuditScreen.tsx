import { useEffect, useMemo, useRef, useState } from 'react';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { AuditHead } from './AuditHead.tsx';
import styles from './AuditScreen.module.css';
import { EventInspector } from './EventInspector.tsx';
import { EventsPane } from './EventsPane.tsx';
import { ExportDialog } from './ExportDialog.tsx';
import { parseSearch } from './search-syntax.ts';
import { rememberVerified } from './Standing.tsx';
import { useActors } from './use-actors.ts';
import { useAuditPlace } from './use-audit-place.ts';
import { useEventChoice } from './use-event-choice.ts';
import { useRecordRows } from './use-record-rows.ts';
import { useLatest, useSame, useSettled } from './use-settled.ts';
import { VerifyDialog } from './VerifyDialog.tsx';

/** Every event: found, followed, looked into, proven, taken along. */
export function AuditScreen() {
  const [text, setText] = useState('');
  const [atTop, setAtTop] = useState(true);
  const [dialog, setDialog] = useState<'verify' | 'export' | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const { active, setActive, open, show, leave, close, focusList, takeList, list } = useEventChoice();

  const settled = useSettled(text, 150);
  const search = useMemo(() => parseSearch(settled.text, settled.time), [settled]);
  const filter = useSame(search.filter);
  const following = atTop && active === null;
  const rows = useRecordRows(filter, following);
  const { source, catchUp } = rows;
  const actors = useActors(source);

  useAuditPlace({ text, setText, active, show, setDialog, field });
  useEffect(() => {
    if (following) catchUp();
  }, [following, catchUp]);
  const chosen = useLatest(active);
  useEffect(() => {
    if (chosen.current !== null && source) list.current?.reveal(chosen.current);
  }, [source, chosen, list]);

  const toSearch = () => {
    field.current?.focus();
    field.current?.select();
  };
  const done = () => {
    const { jump } = parseSearch(text, new Date());
    if (jump !== null) show(jump);
    focusList();
  };
  const toNewest = () => {
    leave();
    list.current?.toNewest();
    catchUp();
  };
  useShortcuts('Audit', [
    { keys: '/', title: 'Search the record', run: toSearch },
    { keys: 'v', title: 'Verify the record', run: () => setDialog('verify') },
    { keys: 'e', title: 'Export a bundle', run: () => setDialog('export') },
    { keys: 'escape', title: 'Close the inspector, follow again', run: close },
    { keys: 'l', title: 'Jump to the newest event', run: toNewest },
  ]);

  return (
    <div className={styles.screen} data-inspecting={open || undefined}>
      <AuditHead
        text={text}
        terms={search.terms}
        actors={actors}
        field={field}
        onText={setText}
        onDone={done}
        onDialog={setDialog}
      />
      <EventsPane
        rows={rows}
        hints={text === settled.text ? search.problems : []}
        filtered={Object.keys(filter).length > 0}
        active={active}
        onActive={setActive}
        onOpen={show}
        onAtTop={setAtTop}
        onClear={() => setText('')}
        onNewest={toNewest}
        list={takeList}
      />
      {open && active !== null && <EventInspector seq={active} onClose={close} />}
      <VerifyDialog
        open={dialog === 'verify'}
        onClose={() => setDialog(null)}
        onVerified={rememberVerified}
      />
      <ExportDialog open={dialog === 'export'} filter={filter} onClose={() => setDialog(null)} />
    </div>
  );
}
