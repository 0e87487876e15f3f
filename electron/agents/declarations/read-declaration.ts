import { type Declaration, declarationSchema } from '../../../shared/agent.ts';
import { readCapability } from '../../../shared/capability/text.ts';
import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import type { DeclarationProblem } from '../../../shared/contract/agents.ts';
import { Problem } from '../../../shared/problem.ts';
import type { PlacedText } from '../../base/placed-text.ts';
import { readFields, type ReadText } from '../../base/read-fields.ts';
import { commandProblems, wholeCommandProblems } from '../commands/command-rules.ts';
import { type DeclaredPlace, withWholePaths } from './declared-places.ts';
import { inherited } from './inherit.ts';
import { scheduleProblems } from './schedule.ts';
import { presetOf } from './resolve.ts';
import { withoutFolder } from './session-folder-word.ts';

/** A file's text as a declaration, not yet joined with what it extends. */
export type ReadDeclaration = ReadText<Declaration>;

export function readDeclaration(text: string, place: DeclaredPlace): ReadDeclaration {
  const read = readFields(
    text,
    declarationSchema,
    'It declares nothing: an agent has a name at least, as in “name: helper”.',
  );
  if (!read.value) return read;
  const value = withWholePaths(read.value, place);
  const problems = [...grammarProblems(value, read.placed), ...ruleProblems(value, place, read.placed)];
  return { ...read, value: problems.length > 0 ? null : value, problems };
}

function ruleProblems(
  declaration: Declaration,
  place: DeclaredPlace,
  placed: PlacedText,
): DeclarationProblem[] {
  // Of what extends another, the whole is known only where both are joined.
  const whole =
    declaration.extends === undefined
      ? wholeCommandProblems(declaration, presetOf(declaration.command, place.presets))
      : [];
  return [...commandProblems(declaration), ...scheduleProblems(declaration), ...whole].map(
    ({ path, message }) => placed.at(path, message),
  );
}

/** What has a grammar of its own: capabilities and hosts. */
function grammarProblems(declaration: Declaration, placed: PlacedText): DeclarationProblem[] {
  const problems: DeclarationProblem[] = [];
  const attempt = (path: readonly PropertyKey[], read: () => unknown) => {
    try {
      read();
    } catch (thrown) {
      const { message, mend } = Problem.of(thrown);
      problems.push(placed.at(path, mend === undefined ? message : `${message} ${mend}`));
    }
  };
  for (const field of ['capabilities', 'ask'] as const) {
    (declaration[field] ?? []).forEach((written, i) => {
      if (written !== inherited) attempt([field, i], () => readCapability(withoutFolder(written), field));
    });
  }
  (declaration.network ?? []).forEach((host, i) => {
    if (host === inherited) return;
    attempt(['network', i], () => readHostPattern({ text: host, field: `network[${i}]`, offset: 0 }));
  });
  (declaration.folders ?? []).forEach(({ path }, i) => {
    if (path.startsWith('/') || path === '~' || path.startsWith('~/')) return;
    problems.push(
      placed.at(['folders', i, 'path'], 'A folder is written whole, or from the home on: “~/project”.'),
    );
  });
  return problems;
}
