import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Draft } from '../../../shared/events/catalogue.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { Problem } from '../../../shared/problem.ts';
import { silentLog } from '../../base/log.ts';
import { ManualClock } from '../../base/manual-clock.ts';
import { CapabilityTokens } from '../capability-tokens.ts';

export const operator = { kind: 'operator' } as const;

/** What was appended, in order; writes one transaction at a time as the record does, when it is let. */
export class Notebook {
  readonly drafts: Draft[] = [];
  transactions = 0;
  full = false;
  #held: Promise<void> = Promise.resolve();

  /** Nothing is written until the returned function is called. */
  hold(): () => void {
    let release = (): void => undefined;
    this.#held = new Promise((resolve) => (release = resolve));
    return release;
  }

  readonly append = async (draft: Draft): Promise<RecordedEvent> => {
    const [event] = await this.appendAll([draft]);
    return event!;
  };

  readonly appendAll = async (drafts: readonly Draft[]): Promise<RecordedEvent[]> => {
    await this.#held;
    if (this.full) throw new Problem('storage_full', 'The disk is full.');
    this.transactions++;
    return drafts.map((draft) => {
      this.drafts.push(draft);
      return { seq: this.drafts.length, ...draft } as unknown as RecordedEvent;
    });
  };

  readonly rows = (): [] => [];

  of(kind: Draft['kind']): Draft['data'][] {
    return this.drafts.filter((draft) => draft.kind === kind).map(({ data }) => data);
  }
}

/** Tokens over a notebook and a clock that stands still, closed when the test is over. */
export function someTokens() {
  const clock = new ManualClock();
  const notebook = new Notebook();
  const tokens = new CapabilityTokens({ record: notebook, clock, random: randomBytes, log: silentLog() });
  onTestFinished(() => tokens.close());
  return { clock, notebook, tokens };
}
