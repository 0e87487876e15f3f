import { Notification } from 'electron';
import type { Notice } from './notices.ts';

const answers = ['Allow', 'Deny'];

/** Shows notices, at most one of a kind at a time, and none to somebody who looks at it anyway. */
export class Notifications {
  readonly #looking: (notice: Notice) => boolean;
  readonly #open: (notice: Notice) => void;
  readonly #answer: (notice: Notice, allow: boolean) => void;
  readonly #shown = new Map<Notice['kind'], { notice: Notice; notification: Notification }>();

  constructor(needs: {
    /** Whether the person looks at what it is about. */
    looking: (notice: Notice) => boolean;
    open: (notice: Notice) => void;
    answer: (notice: Notice, allow: boolean) => void;
  }) {
    this.#looking = needs.looking;
    this.#open = needs.open;
    this.#answer = needs.answer;
  }

  tell(notice: Notice): void {
    if (this.#looking(notice) || !Notification.isSupported()) return;
    this.#shown.get(notice.kind)?.notification.close();
    // Kept, because one that is collected as garbage can no longer be clicked.
    const notification = new Notification({
      title: notice.title,
      body: notice.body,
      actions: notice.approval === undefined ? [] : answers.map((text) => ({ type: 'button', text })),
    });
    this.#shown.set(notice.kind, { notice, notification });
    notification.on('click', () => this.#open(notice));
    notification.on('action', ({ actionIndex }) => this.#answer(notice, answers[actionIndex] === 'Allow'));
    notification.show();
  }

  /** Takes away what was asked and waits no more: somebody answered. */
  onlyWaiting(approvals: ReadonlySet<string>): void {
    const approval = this.#shown.get('approval')?.notice.approval;
    if (approval !== undefined && !approvals.has(approval)) this.#takeAway('approval');
  }

  /** Takes away what was told, where it is no longer so. */
  over({ kind, place }: Notice): void {
    if (this.#shown.get(kind)?.notice.place === place) this.#takeAway(kind);
  }

  #takeAway(kind: Notice['kind']): void {
    this.#shown.get(kind)?.notification.close();
    this.#shown.delete(kind);
  }

  close(): void {
    for (const { notification } of this.#shown.values()) notification.close();
    this.#shown.clear();
  }
}
