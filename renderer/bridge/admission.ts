import type { Problem } from '../../shared/problem.ts';
import { problemOf } from '../../shared/contract/problems.ts';
import { httpClient } from './websocket-line.ts';

const kept = 'holdfast.token';

/** The ticket in `#ticket=…`, taken out of the address bar and the history at once. */
export function takeTicket(): string | null {
  const ticket = /^#ticket=([\w.~-]+)$/.exec(location.hash)?.[1] ?? null;
  if (ticket) history.replaceState(null, '', `${location.pathname}${location.search}#/`);
  return ticket;
}

/** The token of this tab; it ends with the tab. */
export const keptToken = () => sessionStorage.getItem(kept);
export const forgetToken = () => sessionStorage.removeItem(kept);

/** Exchanges a ticket for the token of this tab. An old token of the tab stays when the ticket is refused. */
export async function admit(origin: string, ticket: string): Promise<Problem | null> {
  try {
    const { token } = await httpClient(origin).access.admit({ ticket });
    sessionStorage.setItem(kept, token);
    return null;
  } catch (thrown) {
    return problemOf(thrown);
  }
}
