import { Notification } from 'electron';
import type { Notice } from './notices.ts';

/** Shows notices, at most one of a kind at a time, and none to somebody who looks at the window anyway. */
export class Notifications {
  readonly #looking: () => boolean;
  readonly #open: (notice: Notice) => void;
  readonly #shown = new Map<Notice['kind'], Notification>();

  constructor(needs: { looking: () => boolean; open: (notice: Notice) => void }) {
    this.#looking = needs.looking;
    this.#open = needs.open;
  }

  tell(notice: Notice): void {
    if (this.#looking() || !Notification.isSupported()) return;
    this.#shown.get(notice.kind)?.close();
    // Kept, because one that is collected as garbage can no longer be clicked.
    const notification = new Notification({ title: notice.title, body: notice.body });
    this.#shown.set(notice.kind, notification);
    notification.on('click', () => this.#open(notice));
    notification.show();
  }

  close(): void {
    for (const notification of this.#shown.values()) notification.close();
    this.#shown.clear();
  }
}
