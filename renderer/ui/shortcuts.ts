import { useLayoutEffect, useRef } from 'react';
import { create } from 'zustand';

export interface Shortcut {
  /** `mod k`, `g a`, `/`, `?`: one key, or two pressed one after the other. */
  keys: string;
  title: string;
  run: () => void;
  /** Also while something is being typed. */
  always?: boolean;
}

/** What the keyboard does right now; the page of keys shows exactly this. */
export const useShortcutList = create<{ groups: ReadonlyMap<string, readonly Shortcut[]> }>(() => ({
  groups: new Map(),
}));

/** Keys of one part of the window, for as long as it is there; they hold as soon as it is seen. */
export function useShortcuts(group: string, shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const shape = shortcuts.map((one) => one.keys + one.title).join('\n');
  useLayoutEffect(() => {
    const lasting = latest.current.map((one, index) => ({ ...one, run: () => latest.current[index]?.run() }));
    useShortcutList.setState(({ groups }) => ({ groups: new Map(groups).set(group, lasting) }));
    return () =>
      useShortcutList.setState(({ groups }) => {
        const rest = new Map(groups);
        rest.delete(group);
        return { groups: rest };
      });
  }, [group, shape]);
}

/** Whether keys go into a field. One in a dialog that is just fading away counts no more. */
function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || target.closest('[role="dialog"]:not([data-open])')) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** The key as shortcuts write it. */
export function keyOf(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'space' : event.key.toLowerCase();
  return event.ctrlKey || event.metaKey ? `mod ${key}` : key;
}

type Groups = ReadonlyMap<string, readonly Shortcut[]>;

/** The group of what holds on every screen. */
export const anywhere = 'Anywhere';

/** Whose keys go first; `anywhere` comes last. */
export function byPrecedence(groups: Groups): (readonly [string, readonly Shortcut[]])[] {
  return [...groups].toSorted(([a], [b]) => Number(a === anywhere) - Number(b === anywhere));
}

/**
 * One listener for the whole window. A screen's keys go before those that hold anywhere. A dialog that is open keeps every key but those marked `always`.
 */
export function listenForShortcuts(): () => void {
  let first = '';
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const key = keyOf(event);
    const held =
      typing(event.target) ||
      document.querySelector('[role="dialog"][data-open],[role="menu"][data-open]') !== null;
    const pair = `${first} ${key}`;
    first = held ? '' : key;
    for (const [, shortcuts] of byPrecedence(useShortcutList.getState().groups)) {
      const found = shortcuts.find(
        (one) => (one.always === true || !held) && (one.keys === key || one.keys === pair),
      );
      if (!found) continue;
      event.preventDefault();
      first = '';
      found.run();
      return;
    }
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
