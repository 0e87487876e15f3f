import { useCallback, useRef, useState } from 'react';
import type { EventListHandle } from './EventList.tsx';

/** Which event is chosen, whether it is open, and the way of the focus to the list. */
export function useEventChoice() {
  const [active, setActive] = useState<number | null>(null);
  const [open, setOpen] = useState(false);
  const list = useRef<EventListHandle>(null);
  /** Somebody is on the way from the search to its results, which may not be there yet. */
  const bound = useRef(false);

  const show = useCallback((seq: number) => {
    setActive(seq);
    setOpen(true);
    list.current?.reveal(seq);
  }, []);
  const leave = useCallback(() => {
    setOpen(false);
    setActive(null);
  }, []);
  const close = useCallback(() => {
    leave();
    list.current?.focus();
  }, [leave]);
  const focusList = useCallback(() => {
    bound.current = list.current === null;
    list.current?.focus();
  }, []);
  const takeList = useCallback((handle: EventListHandle | null) => {
    list.current = handle;
    if (!handle || !bound.current) return;
    bound.current = false;
    handle.focus();
  }, []);
  return { active, setActive, open: open && active !== null, show, leave, close, focusList, takeList, list };
}
