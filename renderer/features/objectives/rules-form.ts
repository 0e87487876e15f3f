import type { ObjectivePolicy } from '../../../shared/schedule.ts';
import { levelWords } from '../../../shared/level-words.ts';
import type { Ceiling } from '../../../shared/run.ts';
import { readDeadline } from '../../bridge/deadline-field.ts';
import type { WantedWork } from '../../bridge/objectives.ts';
import { durationWords } from './duration-words.ts';

/** By which rules it begins, as they are typed. */
export interface RulesForm {
  readonly overlap: ObjectivePolicy['overlap'];
  readonly catchUp: ObjectivePolicy['catchUp'];
  readonly jitter: string;
  readonly backOff: boolean;
  readonly pauseAfter: string;
  readonly unattended: Ceiling['unattended'];
}

export const usualRules: RulesForm = {
  overlap: 'allow',
  catchUp: 'none',
  jitter: '',
  backOff: false,
  pauseAfter: '',
  unattended: 'wait',
};

export interface ReadRules {
  /** Null while something is wrong. */
  readonly policy: ObjectivePolicy | null;
  readonly wrong: Readonly<Partial<Record<'jitter' | 'pauseAfter', string>>>;
}

export function readRules({ overlap, catchUp, jitter, backOff, pauseAfter }: RulesForm): ReadRules {
  const later = readDeadline(jitter);
  const count = pauseAfter.trim() === '' ? null : Number(pauseAfter);
  const wrong: ReadRules['wrong'] = {
    ...(later.wrong !== undefined && { jitter: later.wrong }),
    ...((later.seconds ?? 0) > 86_400 && { jitter: 'A day at most.' }),
    ...(count !== null &&
      !(Number.isInteger(count) && count >= 1 && count <= 1000) && { pauseAfter: 'From 1 to 1000.' }),
  };
  if (Object.keys(wrong).length > 0) return { policy: null, wrong };
  return {
    wrong,
    policy: { overlap, catchUp, backOff, jitterSeconds: later.seconds ?? 0, pauseAfter: count },
  };
}

export function rulesFormOf(
  { overlap, catchUp, jitterSeconds, backOff, pauseAfter }: ObjectivePolicy,
  work: WantedWork,
): RulesForm {
  return {
    overlap,
    catchUp,
    jitter: jitterSeconds === 0 ? '' : `${jitterSeconds}s`,
    backOff,
    pauseAfter: pauseAfter === null ? '' : String(pauseAfter),
    unattended: work.kind === 'run' ? (work.wish.ceiling?.unattended ?? 'wait') : 'wait',
  };
}

const overlaps = {
  allow: 'Begins beside the one before, where that still runs.',
  skip: 'Is left out where the one before still runs.',
  queue:
    'Waits for the end of the one before, where that still runs; a second time that comes meanwhile is left out.',
};

/** The rules as sentences. */
export function ruleWords(policy: ObjectivePolicy, work: WantedWork): string[] {
  const { overlap, catchUp, jitterSeconds, backOff, pauseAfter } = policy;
  return [
    overlaps[overlap],
    catchUp === 'once'
      ? 'Times at which Holdfast did not run are made up for once.'
      : 'Times at which Holdfast did not run are left out.',
    ...(jitterSeconds > 0 ? [`Begins up to ${durationWords(jitterSeconds)} later, by chance.`] : []),
    ...(backOff ? ['After failures it is left out for longer each time.'] : []),
    pauseAfter === null
      ? 'Goes on however often it fails.'
      : pauseAfter === 1
        ? 'Is paused as soon as it fails.'
        : `Is paused when it failed ${pauseAfter} times in a row.`,
    askWords(work),
  ];
}

function askWords(work: WantedWork): string {
  if (work.kind === 'agent') return 'Asks nobody: its sandbox is all that it has.';
  const { approvals = 'boundaries', unattended = 'wait' } = work.wish.ceiling ?? {};
  if (approvals === 'never') return 'Its agents never ask you.';
  const then = unattended === 'deny' ? 'that is denied' : 'that waits for your answer, and you are told';
  return `Each of its agents asks you ${levelWords[approvals]}; ${then}.`;
}
