import { type RefObject, useEffect, useRef } from 'react';
import { problemOf } from '../../../shared/contract/problems.ts';
import { useHouse } from '../../bridge/house.ts';
import { stay, usePlace } from '../../ui/place.ts';
import { say } from '../../ui/Toast.tsx';
import { useLatest } from './use-settled.ts';

export interface AuditPlace {
  text: string;
  setText: (text: string) => void;
  active: number | null;
  show: (seq: number) => void;
  setDialog: (dialog: 'verify' | 'export') => void;
  field: RefObject<HTMLInputElement | null>;
}

/**
 * The address and the screen say the same. A link (`?q=…`, `?event=…`, `?do=verify`) moves the screen;
 * what is typed and chosen is written back once it rests, because browsers limit how often one may.
 */
export function useAuditPlace(place: AuditPlace): void {
  const { client } = useHouse();
  const query = usePlace().params.toString();
  const written = useRef<string | null>(null);
  const latest = useLatest(place);
  const { text, active } = place;

  useEffect(() => {
    if (query === written.current) return;
    written.current = query;
    const params = new URLSearchParams(query);
    const { setText, show, setDialog, field } = latest.current;
    const wanted = params.get('do');
    const event = params.get('event');
    if (!wanted || params.has('q')) setText(params.get('q') ?? '');
    if (wanted === 'verify' || wanted === 'export') setDialog(wanted);
    if (wanted === 'search') {
      field.current?.focus();
      field.current?.select();
    }
    if (event && /^\d+$/.test(event)) show(Number(event));
    else if (event) {
      client.record.get({ event }).then(
        (found) => show(found.event.seq),
        (thrown: unknown) => say(problemOf(thrown).message, 'refused'),
      );
    }
  }, [query, client, latest]);

  useEffect(() => {
    const rest = setTimeout(() => {
      const said = { ...(text && { q: text }), ...(active !== null && { event: String(active) }) };
      const next = new URLSearchParams(said).toString();
      if (next === written.current) return;
      written.current = next;
      stay(said);
    }, 400);
    return () => clearTimeout(rest);
  }, [text, active]);
}
