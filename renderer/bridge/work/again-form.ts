import type { SessionWork } from '../../../shared/session-work.ts';
import { startedWork } from './started-work.ts';
import type { WantedWork } from './work-sheet.ts';
import type { WorkForm } from './work-form.ts';

/** The same start once more: whole where this window made it, otherwise what the record knows of it. */
export function againOf(session: string, work: SessionWork): Partial<WantedWork> {
  const known = startedWork(session);
  if (known) return { form: known };
  const { agent, repository, branch, input, attachments } = work;
  const form: Partial<WorkForm> = {
    agent,
    repository,
    branch: branch ?? '',
    ...(input && { handed: input.kind }),
    ...(input?.kind === 'request' && { request: input.words }),
    ...(input?.kind === 'work_unit' && { unit: unitOf(input.words) }),
  };
  const lacks = [
    ...(input?.kind === 'request' ? ['Of the request only its first words are on the record.'] : []),
    ...(input?.kind === 'artifact' ? [`Add the artifact again: ${input.words}.`] : []),
    ...(attachments.length > 0 ? [`Add its files again: ${attachments.join(', ')}.`] : []),
  ];
  return { form, lacks: lacks.length > 0 ? lacks.join(' ') : null };
}

/** `work unit X`, as it is told. */
const unitOf = (words: string) => words.replace(/^work unit /, '');
