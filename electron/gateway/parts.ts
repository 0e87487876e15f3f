import { implement } from '@orpc/server';
import { isTooDeep, mostDepth } from '../../shared/depth.ts';
import type { Contract } from '../../shared/contract/contract.ts';
import type { Actor } from '../../shared/events/event.ts';
import { actorOf, type Caller, type CallContext } from './caller.ts';
import { type Admission, runAdmitted } from './admission.ts';
import { Problem } from '../../shared/problem.ts';

/**
 * What handlers are built from: the contract with admission before everything else. Whoever builds one part gives the
 * words of that part alone, and touches nothing else.
 */
export function buildFrom<Name extends keyof Contract>(admission: Admission, words: Pick<Contract, Name>) {
  return implement(words as Contract)
    .$context<CallContext>()
    .use((options, input) =>
      runAdmitted(admission, options, async (caller) => {
        refuseDepth(input);
        return options.next({ context: { admitted: caller } });
      }),
    );
}

/** Before it is held to any form: what checks a value by itself runs out of stack on one that is nested without end. */
function refuseDepth(input: unknown): void {
  if (!isTooDeep(input)) return;
  throw new Problem(
    'invalid_input',
    `The request is nested too deeply: lists and objects may lie within one another ${mostDepth} times.`,
    'Send it flatter.',
  );
}

export type Builder = ReturnType<typeof buildFrom>;

/** The caller of a procedure that is not open: there always is one, or it was refused before. */
export function callerOf(context: { admitted: Caller | undefined }): Caller {
  if (context.admitted) return context.admitted;
  throw new Problem('unauthorized', 'This needs a token that is in force.');
}

/** The caller, as the one who did it on the record. */
export const by = (context: { admitted: Caller | undefined }): Actor => actorOf(callerOf(context));
