import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useObjectives, useScheduling, type WantedWork } from '../../bridge/objectives.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { ListScreen } from '../../ui/ListScreen.tsx';
import { go, stay, usePlace } from '../../ui/place.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { ObjectiveList } from './ObjectiveList.tsx';
import { ObjectiveView } from './ObjectiveView.tsx';

/** Loaded when it is first wanted: it brings everything that can be started. */
const ObjectiveSheet = lazy(async () => ({ default: (await import('./ObjectiveSheet.tsx')).ObjectiveSheet }));

/** Which sheet is open: for a new one, with what somebody handed over, or to change one. */
type Open = { kind: 'new'; wanted: WantedWork | null } | { kind: 'change' } | null;

/** What begins by itself, and when. */
export function ObjectivesScreen() {
  const { list, problem } = useObjectives();
  const { within } = usePlace();
  const [sheet, setSheet] = useState<Open>(null);
  const [isLoaded, setLoaded] = useState(false);
  useEffect(() => {
    if (sheet) setLoaded(true);
  }, [sheet]);
  const chosen = list?.find(({ name }) => name === within[0]) ?? list?.[0];
  const taken = useMemo(() => new Set((list ?? []).map(({ name }) => name)), [list]);
  const choose = useCallback((name: string) => go(`objectives/${name}`), []);
  const begin = useCallback((wanted: WantedWork | null) => setSheet({ kind: 'new', wanted }), []);
  const make = useCallback(() => begin(null), [begin]);
  useWanted(begin);
  useShortcuts('Objectives', [{ keys: 'w', title: 'New objective', run: make }]);
  return (
    <ListScreen
      title="Objectives"
      action={
        <Button keys="w" onClick={make}>
          New objective…
        </Button>
      }
      list={
        <>
          <ProblemNote problem={problem} />
          {list && list.length > 0 && (
            <ObjectiveList objectives={list} chosen={chosen?.name} onChoose={choose} />
          )}
        </>
      }
    >
      {list?.length === 0 && (
        <Empty
          title="Nothing has a schedule"
          action={
            <Button look="lead" keys="w" onClick={make}>
              New objective…
            </Button>
          }
        >
          An objective begins a goal, a recipe or an agent by itself: each night, on weekdays, every hour. An
          agent’s own file can say it too, by its lifecycle.
        </Empty>
      )}
      {chosen && (
        <ObjectiveView key={chosen.name} objective={chosen} onChange={() => setSheet({ kind: 'change' })} />
      )}
      {(sheet !== null || isLoaded) && (
        <Suspense fallback={null}>
          <ObjectiveSheet
            open={sheet !== null}
            changed={sheet?.kind === 'change' ? (chosen ?? null) : null}
            wanted={sheet?.kind === 'new' ? sheet.wanted : null}
            taken={taken}
            onClose={() => setSheet(null)}
            onSaved={(name) => {
              setSheet(null);
              choose(name);
            }}
          />
        </Suspense>
      )}
    </ListScreen>
  );
}

/** A link, or another screen, leads to a new one. */
function useWanted(open: (wanted: WantedWork | null) => void): void {
  const wanted = usePlace().params.get('do') === 'new';
  useEffect(() => {
    if (!wanted) return;
    const { wanted: work } = useScheduling.getState();
    useScheduling.setState({ wanted: null });
    stay({});
    open(work);
  }, [wanted, open]);
}
