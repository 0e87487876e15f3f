import type { Run } from '../../../shared/run.ts';

/** What was asked for, as a heading and its text. */
export function asked({ invocation, title }: Run): { kind: string; text: string } {
  switch (invocation.kind) {
    case 'goal':
      return { kind: 'Goal', text: invocation.goal };
    case 'recipe':
      return { kind: 'Recipe', text: invocation.recipe };
    case 'agent':
      return { kind: `Asked ${invocation.agent}`, text: invocation.text };
    case 'plan':
      return { kind: 'Plan', text: title };
  }
}

/** Where a run, or a part of it, is looked at: also the address that is passed on. */
export const partPlace = (run: string, part?: string | null): string =>
  ['runs', run, ...(part ? [part] : [])].join('/');

/** What became of what it changed in folders under review. */
export function reviewWords({ review, reviewing }: Pick<Run, 'review' | 'reviewing'>): string {
  const decided = {
    none: 'none',
    waiting: 'wait for you',
    applied: 'applied',
    partly_applied: 'partly applied',
    discarded: 'thrown away',
  }[review];
  return reviewing && review === 'partly_applied' ? 'partly applied; the rest waits for you' : decided;
}
