import type { Draft } from '../../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';

/** What was to be recorded, in order, where a test needs no more of a record. */
export class Notebook {
  readonly drafts: Draft[] = [];

  readonly append = async (draft: Draft): Promise<RecordedEvent> => {
    this.drafts.push(draft);
    return { seq: this.drafts.length } as RecordedEvent;
  };

  readonly appendAll = (drafts: readonly Draft[]): Promise<RecordedEvent[]> =>
    Promise.all(drafts.map((draft) => this.append(draft)));

  readonly rows = (): [] => [];

  of(kind: Draft['kind']): Draft['data'][] {
    return this.drafts.filter((draft) => draft.kind === kind).map(({ data }) => data);
  }
}
