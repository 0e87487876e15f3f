import type { Session } from '../../shared/session.ts';
import { harmless, moment } from './output.ts';

/** One session as the cells of a row. */
export function sessionCells({ id, state, outcome, review, sandbox, started, argv }: Session): string[] {
  const waits = review === 'waiting' || (review === 'partly_applied' && state === 'reviewing');
  const became = outcome ? outcome.label.replaceAll('_', ' ') : state;
  const command = harmless(argv.join(' '));
  return [
    id,
    waits ? `${became}, changes wait` : became,
    sandbox,
    moment(started),
    command.length > 80 ? `${command.slice(0, 79)}…` : command,
  ];
}

export function sessionLine(session: Session): string {
  return sessionCells(session).join('  ');
}
