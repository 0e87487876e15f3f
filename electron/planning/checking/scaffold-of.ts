import type { Role } from '../../../shared/role.ts';
import { type Scaffold, scaffoldSchema } from '../../../shared/scaffold.ts';
import { fillBraces } from '../values/braces.ts';
import { inWords } from '../values/parameters.ts';
import type { Json } from '../values/places.ts';

/** What the code of a scaffold is to do with these values; null for a role that a model fills. */
export function scaffoldOf(
  role: Role,
  valueOf: (name: string) => Json | undefined,
  outputs: readonly string[],
  told: (message: string) => void,
): Scaffold | null {
  const [output] = outputs;
  const given = described(role, valueOf, output);
  if (given === null) return null;
  if (given.kind !== 'runner' && output === undefined) {
    told(`its ${given.kind} would write no file.`);
    return null;
  }
  const checked = scaffoldSchema.safeParse(given);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  told(`its ${given.kind} cannot begin: ${issue?.path.join('.') ?? 'it'} ${issue?.message ?? 'is wrong'}.`);
  return null;
}

function described(
  role: Role,
  valueOf: (name: string) => Json | undefined,
  output: string | undefined,
): ({ kind: Scaffold['kind'] } & Record<string, unknown>) | null {
  switch (role.scaffold) {
    case null:
      return null;
    case 'fetcher':
      return { kind: 'fetcher', url: inWords(valueOf('url')), output };
    case 'runner':
      return {
        kind: 'runner',
        argv: role.command.flatMap((word) => argumentsOf(word, valueOf)),
        cwd: valueOf('folder') ?? null,
        report: output ?? null,
        seconds: valueOf('seconds') ?? null,
      };
    case 'assembler':
      return {
        kind: 'assembler',
        inputs: valueOf('inputs') ?? [],
        output,
        title: inWords(valueOf('title')),
      };
  }
}

/** Arguments stay arguments: a list becomes several, a text never more than one, and one without a value none. */
function argumentsOf(word: string, valueOf: (name: string) => Json | undefined): string[] {
  const [, alone, each] = /^\{([a-z][a-z0-9_]*)(\.\*)?\}$/.exec(word) ?? [];
  if (alone !== undefined) {
    const value = valueOf(alone);
    if (value === undefined) return [];
    if (each !== undefined) return Array.isArray(value) ? value.map(inWords) : [inWords(value)];
  }
  return [
    fillBraces(
      word,
      (name) => valueOf(name) !== undefined,
      (name) => inWords(valueOf(name)),
    ),
  ];
}
