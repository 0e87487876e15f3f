import type { Id } from '../../shared/ids.ts';
import { shownWhole } from './shown-whole.ts';
import type { View } from './view.ts';

export type TrayAction =
  | 'open'
  | 'waiting'
  | 'verify'
  | 'takeOver'
  | 'quit'
  | { readonly approval: Id<'approval'>; readonly answer: 'once' | 'deny' | 'look' };
export type TrayEntry = { readonly label: string; readonly action: TrayAction | null } | null;

const plural = (count: number, noun: string) =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;

export function waitingWords({ waiting }: View): string {
  if (waiting === 0) return 'Nothing waits for you';
  return `${plural(waiting, 'thing')} ${waiting === 1 ? 'waits' : 'wait'} for you`;
}

/** The record in one line. */
export function recordWords({ reach, status }: View): string {
  if (reach === 'lost') return 'The daemon does not answer';
  switch (status?.record.storage) {
    case undefined:
      return 'Looking at the record …';
    case 'full':
      return 'The disk is full: nothing can be recorded';
    case 'failing':
      return 'The disk refuses to write: nothing can be recorded';
    case 'ok':
      return `${plural(status?.record.size ?? 0, 'event')} on the record`;
  }
}

/** More would push the rest of the menu out of reach. */
const mostAsked = 4;

/** What waits, with Allow and Deny where a line shows all of it; everything else opens the page. */
function asked({ approvals, reach }: View): TrayEntry[] {
  if (reach === 'lost') return [];
  return approvals.slice(0, mostAsked).flatMap((approval): TrayEntry[] => {
    const { id, agent } = approval;
    const whole = shownWhole(approval);
    if (whole === null) {
      const label = approval.kind === 'question' ? 'has a question …' : 'asks for more than fits here …';
      return [{ label: `${agent} ${label}`, action: { approval: id, answer: 'look' } }];
    }
    return [
      { label: `${agent} asks, ${whole.place}:`, action: null },
      { label: `Allow  ${whole.line}`, action: { approval: id, answer: 'once' } },
      { label: `Deny  ${whole.line}`, action: { approval: id, answer: 'deny' } },
    ];
  });
}

/** The tray's menu; null is a line between groups. */
export function trayMenu(view: View): TrayEntry[] {
  const { reach, finishing } = view;
  const quit = reach === 'own' ? 'Quit' : 'Quit, and leave the daemon running';
  return [
    { label: 'Open Holdfast', action: 'open' },
    null,
    { label: waitingWords(view), action: view.waiting > 0 ? 'waiting' : null },
    ...asked(view),
    { label: recordWords(view), action: null },
    ...(reach === 'lost'
      ? [{ label: 'Run Holdfast in this app', action: 'takeOver' } as const]
      : [{ label: 'Verify the record …', action: 'verify' } as const]),
    null,
    finishing ? { label: 'Stop at once', action: 'quit' } : { label: quit, action: 'quit' },
  ];
}

export function trayTooltip(view: View): string {
  if (view.finishing) return 'Holdfast: finishing …';
  return `Holdfast: ${view.waiting > 0 ? waitingWords(view) : recordWords(view)}`;
}
