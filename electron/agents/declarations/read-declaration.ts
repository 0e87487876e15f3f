import type { z } from 'zod';
import { type Declaration, declarationSchema } from '../../../shared/agent.ts';
import { readCapability } from '../../../shared/capability/text.ts';
import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import type { DeclarationProblem } from '../../../shared/contract/agents.ts';
import { plainIssue } from '../../../shared/plain-issue.ts';
import { Problem } from '../../../shared/problem.ts';
import { inherited } from './inherit.ts';
import { type PlacedText, placeText } from './placed-text.ts';
import { withoutFolder } from './session-folder-word.ts';

/** A file's text as a declaration, not yet joined with what it extends. */
export interface ReadDeclaration {
  readonly declaration: Declaration | null;
  readonly problems: readonly DeclarationProblem[];
  readonly placed: PlacedText;
}

export function readDeclaration(text: string): ReadDeclaration {
  const placed = placeText(text);
  if (placed.problems.length > 0) return { declaration: null, problems: placed.problems, placed };
  if (typeof placed.value !== 'object' || placed.value === null || Array.isArray(placed.value)) {
    const problem = placed.at([], 'It declares nothing: an agent has a name at least, as in “name: helper”.');
    return { declaration: null, problems: [problem], placed };
  }
  const parsed = declarationSchema.safeParse(placed.value);
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, placed));
    return { declaration: null, problems, placed };
  }
  const problems = grammarProblems(parsed.data, placed);
  return { declaration: problems.length > 0 ? null : parsed.data, problems, placed };
}

function problemsOf(issue: z.core.$ZodIssue, placed: PlacedText): DeclarationProblem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(key, path, placed));
  if (issue.code === 'invalid_union') {
    const first = issue.errors.find((each) => each.length > 0)?.[0];
    const tried = issue.errors.flatMap((each) => each.slice(0, 1).map(plainIssue));
    const place = [...path, ...(first?.path ?? [])];
    return [placed.at(place, `It fits none of what there may be: ${[...new Set(tried)].join('; or ')}.`)];
  }
  const words = plainIssue(issue);
  return [placed.at(path, /^(is|has|must) /.test(words) ? `It ${words}.` : `It must be ${words}.`)];
}

function unknownField(key: string, path: readonly PropertyKey[], placed: PlacedText): DeclarationProblem {
  const known = knownFields(path);
  const near = known.find((field) => looksLike(field, key));
  const mend = near ? ` Did you mean “${near}”?` : known.length > 0 ? ` There are ${known.join(', ')}.` : '';
  return placed.at([...path, key], `There is no field “${key}”.${mend}`);
}

/** The same letters but for one or two, and the same first one: what was meant, where something was mistyped. */
function looksLike(field: string, key: string): boolean {
  const left = key.toLowerCase().replaceAll(/[_-]/g, '').split('');
  let missing = 0;
  for (const letter of field.replaceAll('_', '')) {
    const at = left.indexOf(letter);
    if (at < 0) missing++;
    else left.splice(at, 1);
  }
  return field[0] === key[0]?.toLowerCase() && missing + left.length <= 2;
}

function knownFields(path: readonly PropertyKey[]): string[] {
  let shape: unknown = declarationSchema;
  for (const key of path) {
    const { shape: fields } = unwrapped(shape) as { shape?: Record<string, unknown> };
    shape = fields?.[String(key)];
  }
  const { shape: fields } = unwrapped(shape) as { shape?: Record<string, unknown> };
  return fields ? Object.keys(fields) : [];
}

function unwrapped(schema: unknown): object {
  const inner = schema as { unwrap?: () => unknown } | undefined;
  return inner?.unwrap ? unwrapped(inner.unwrap()) : (inner ?? {});
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
