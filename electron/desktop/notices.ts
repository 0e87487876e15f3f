import type { Approval } from '../../shared/approval.ts';
import type { Id } from '../../shared/ids.ts';
import { shownWhole } from './shown-whole.ts';
import type { View } from './view.ts';

/** Something a person should hear of although no window shows it. Nothing from the record is in it but what is asked. */
export interface Notice {
  readonly kind: 'storage' | 'verification' | 'daemon' | 'approval' | 'run' | 'objective' | 'changes';
  readonly title: string;
  readonly body: string;
  /** Where a click leads, as the hash of the window's address. */
  readonly place: string;
  /** What can be allowed or denied from here: only what the body shows whole. */
  readonly approval?: Id<'approval'>;
}

export const verificationFailed: Notice = {
  kind: 'verification',
  title: 'The record does not verify',
  body: 'Open Holdfast to see what was found.',
  place: '#/audit',
};

/** Its name leads there, and is not said: a notification is read by whoever is near. */
export const gaveUp = (objective: string): Notice => ({
  kind: 'objective',
  title: 'An objective failed and is paused',
  body: 'Open Holdfast to see it.',
  place: `#/objectives/${objective}`,
});

const troubled = ({ status }: View) => status !== null && status.record.storage !== 'ok';

/** Where all of an approval is shown. */
export const placeOf = (approval: Id<'approval'>) => `#/approvals?approval=${approval}`;

function asks(approval: Approval, others: number): Notice {
  const { id, agent } = approval;
  const whole = others === 0 ? shownWhole(approval) : null;
  const title = approval.kind === 'question' ? `${agent} has a question` : `${agent} asks`;
  if (whole) {
    return {
      kind: 'approval',
      title,
      body: `${whole.line}\n${whole.place}`,
      place: placeOf(id),
      approval: id,
    };
  }
  const more = others === 0 ? '' : ` ${others + 1} things wait for you.`;
  return { kind: 'approval', title, body: `Open Holdfast to see what.${more}`, place: placeOf(id) };
}

/** What to tell when one view follows another. */
export function noticesBetween(before: View, after: View): Notice[] {
  const notices: Notice[] = [];
  if (!troubled(before) && troubled(after)) {
    notices.push({
      kind: 'storage',
      title: 'Nothing can be recorded',
      body:
        after.status?.record.storage === 'full'
          ? 'The disk is full. Make room, and Holdfast goes on by itself.'
          : 'The disk refuses to write.',
      place: '#/now',
    });
  }
  if (before.reach === 'daemon' && after.reach === 'lost') {
    notices.push({
      kind: 'daemon',
      title: 'The daemon has ended',
      body: 'Holdfast can run in this app instead.',
      place: '#/now',
    });
  }
  const known = new Set(before.approvals.map(({ id }) => id));
  const asked = after.approvals.findLast(({ id }) => !known.has(id));
  if (asked) notices.push(asks(asked, after.approvals.length - 1));
  return notices;
}
