import type { Session } from '../../shared/session.ts';
import { harmless, moment } from './output.ts';

/** One session as the cells of a row. */
export function sessionCells({
  id,
  state,
  outcome,
  review,
  sandbox,
  started,
  argv,
  work,
}: Session): string[] {
  const waits = review === 'waiting' || (review === 'partly_applied' && state === 'reviewing');
  const became = outcome ? outcome.label.replaceAll('_', ' ') : state;
  const command = harmless(work ? `${work.agent} on ${work.repository}` : argv.join(' '));
  return [
    id,
    waits ? `${became}, changes wait` : work?.kept ? `${became}, changes kept` : became,
    sandbox,
    moment(started),
    command.length > 80 ? `${command.slice(0, 79)}…` : command,
  ];
}

export function sessionLine(session: Session): string {
  return sessionCells(session).join('  ');
}
