import { oc } from '@orpc/contract';

/** The three kinds of caller; a token always says which one it is. */
export const callerKinds = ['operator', 'agent', 'client'] as const;
export type CallerKind = (typeof callerKinds)[number];

export interface ProcedureMeta {
  /** Who may call it. Empty: nobody, which is what a procedure that forgot to say gets. */
  callers: readonly CallerKind[];
  /** True for the few procedures that answer without a token. */
  open?: boolean;
}

const procedure = oc.$meta<ProcedureMeta>({ callers: [] });

/** Only the person at this machine. */
export const forOperator = procedure.meta({ callers: ['operator'] });
/** The person, and outside programs: those whose token names the procedure, or names none at all. */
export const forClients = procedure.meta({ callers: ['operator', 'client'] });
/** No token needed. */
export const forAnyone = procedure
  .meta({ callers: callerKinds, open: true })
  .route({ spec: (operation) => ({ ...operation, security: [] }) });
