import type { ClientContext, ClientLink } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/contract/contract.ts';

/** Everything the window may ask, typed from the contract. */
export type Client = ContractRouterClient<Contract>;

/** What carries one request; oRPC's word. */
export type Carrier = Pick<ClientLink<ClientContext>, 'call'>;
