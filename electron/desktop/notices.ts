import type { View } from './view.ts';

/** Something a person should hear of although no window shows it. Nothing from the record itself is in it. */
export interface Notice {
  readonly kind: 'storage' | 'verification' | 'daemon';
  readonly title: string;
  readonly body: string;
  /** Where a click leads, as the hash of the window's address. */
  readonly place: string;
}

export const verificationFailed: Notice = {
  kind: 'verification',
  title: 'The record does not verify',
  body: 'Open Holdfast to see what was found.',
  place: '#/audit',
};

const troubled = ({ status }: View) => status !== null && status.record.storage !== 'ok';

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
  return notices;
}
