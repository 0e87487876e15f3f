import { readHostPattern, writeHostPattern } from '../../../shared/capability/host-pattern.ts';
import { type Params, type Plan, planSchema, type Subtask } from '../../../shared/plan.ts';
import { Problem } from '../../../shared/problem.ts';
import type { RecipeFile, RecipeSubtask } from '../../../shared/recipe.ts';
import type { Ceiling } from '../../../shared/run.ts';
import type { FolderWish } from '../../../shared/session.ts';
import { fillBraces } from '../values/braces.ts';
import { checkParams, inWords, type ParameterProblem } from '../values/parameters.ts';
import { asWritten, isPlace, type Json, wordsAsWritten } from '../values/places.ts';

export type RecipeAsks = Pick<Ceiling, 'folders' | 'hosts' | 'sandbox' | 'image' | 'seconds'>;

export interface FilledRecipe {
  readonly problems: readonly ParameterProblem[];
  /** Null where there are problems. */
  readonly plan: Plan | null;
  /** What it asks to be granted; null where there are problems. */
  readonly asks: RecipeAsks | null;
}

/** What a recipe becomes with these values. What a value says is never looked at again. */
export function fillRecipe(recipe: RecipeFile, params: Readonly<Params>): FilledRecipe {
  const { values, problems } = checkParams(recipe.parameters, params);
  const wrong: ParameterProblem[] = [...problems];
  const asks = wrong.length > 0 ? null : asksOf(recipe, values, wrong);
  if (wrong.length > 0 || !asks) return { problems: wrong, plan: null, asks: null };
  let filled: unknown;
  try {
    filled = planOf(recipe, values);
  } catch (thrown) {
    return { problems: [{ parameter: null, message: Problem.of(thrown).message }], plan: null, asks: null };
  }
  const plan = planSchema.safeParse(filled);
  if (plan.success) return { problems: [], plan: plan.data, asks };
  const message = `With these values it is no plan: ${plan.error.issues[0]?.message ?? 'it has no part'}.`;
  return { problems: [{ parameter: null, message }], plan: null, asks: null };
}

function planOf(recipe: RecipeFile, values: Params): unknown {
  const names = new Map(recipe.plan.subtasks.map((part) => [part.id, namesOf(part, values)]));
  return {
    final_output: put(recipe.plan.final_output, recipe, values),
    subtasks: recipe.plan.subtasks.flatMap((part) => partsOf(part, recipe, values, names)),
  };
}

function namesOf({ id, for_each: through }: RecipeSubtask, values: Params): string[] {
  if (through === undefined) return [id];
  const list = values[through];
  return Array.isArray(list) ? list.map((_, i) => `${id}-${i + 1}`) : [];
}

function partsOf(
  part: RecipeSubtask,
  recipe: RecipeFile,
  values: Params,
  names: ReadonlyMap<string, readonly string[]>,
): Subtask[] {
  const { for_each: through, id, depends_on: parents, ...rest } = part;
  const list = through === undefined ? [undefined] : values[through];
  if (!Array.isArray(list)) return [];
  return list.map((item: Json | undefined, i) => {
    const all = item === undefined ? values : { ...values, item, number: i + 1 };
    const { title } = part;
    return {
      ...rest,
      id: through === undefined ? id : `${id}-${i + 1}`,
      depends_on: parents.flatMap((name) => names.get(name) ?? [name]),
      params: paramsWith(part.params, recipe, all, names),
      ...(title !== undefined && { title: put(title, recipe, all).slice(0, 200).trim() || id }),
    };
  });
}

function paramsWith(
  params: Params,
  recipe: RecipeFile,
  values: Params,
  names: ReadonlyMap<string, readonly string[]>,
): Params {
  const filled = (value: Json): Json | undefined => {
    if (typeof value === 'string') {
      const whole = wholeWord(value);
      if (whole !== null && isValue(whole, recipe, values)) {
        return values[whole] === undefined ? undefined : asWritten(values[whole]);
      }
      return put(value, recipe, values);
    }
    if (Array.isArray(value)) return value.flatMap((each) => entries(each));
    if (typeof value !== 'object' || value === null) return value;
    return fields(value);
  };
  const entries = (entry: Json): Json[] => {
    const whole = typeof entry === 'string' ? wholeWord(entry) : null;
    const several = whole?.startsWith('input.') ? names.get(whole.slice('input.'.length)) : undefined;
    if (several) return several.map((name) => `{input.${name}}`);
    const value = filled(entry);
    // A list in the place of an entry is its entries; one that has no value is none.
    if (whole !== null && Array.isArray(value)) return value;
    return value === undefined ? [] : [value];
  };
  const fields = (value: Readonly<Record<string, Json>>): Record<string, Json> =>
    Object.fromEntries(
      Object.entries(value).flatMap(([key, each]): [string, Json][] => {
        const given = filled(each);
        return given === undefined ? [] : [[key, given]];
      }),
    );
  return fields(params);
}

function wholeWord(text: string): string | null {
  return /^\{([A-Za-z][A-Za-z0-9_.-]*)\}$/.exec(text)?.[1] ?? null;
}

/** What stands, in a part made for each element of a list, for the element and its place in it, from 1. */
export const ofEach: readonly string[] = ['item', 'number'];

const isValue = (word: string, { parameters }: RecipeFile, values: Params): boolean =>
  Object.hasOwn(parameters, word) || (ofEach.includes(word) && Object.hasOwn(values, word));

/** A text with its values, which then stand in a plan as they were said. */
function put(text: string, recipe: RecipeFile, values: Params): string {
  // What is no place of a plan’s is a word of a recipe’s, and was checked to be one or to be meant as it stands.
  const said = (word: string) => (isValue(word, recipe, values) ? inWords(values[word]) : `{${word}}`);
  const filled = fillBraces(
    text,
    (word) => !isPlace(word),
    (word) => wordsAsWritten(said(word)),
  );
  // Braces of two values, or of one beside those of the text, could make together what none of them is.
  const meant = fillBraces(
    text,
    () => true,
    (word) => (isPlace(word) ? placeMark(word) : said(word)),
  );
  if (fillBraces(filled, isPlace, placeMark) === meant) return filled;
  throw new Problem('invalid_input', 'The braces of these values would mean something together.');
}

/** No text of a person’s: where a place stands once it is put in. */
const placeMark = (word: string): string => `\0${word}\0`;

function asksOf(recipe: RecipeFile, values: Params, problems: ParameterProblem[]): RecipeAsks {
  const { needs, seconds } = recipe;
  const folders = new Map<string, FolderWish>();
  for (const { parameter, mode } of needs.folders) {
    const path = values[parameter];
    if (typeof path !== 'string') continue;
    const before = folders.get(path);
    if (!before || before.mode === 'ro') folders.set(path, { path, mode });
  }
  const hosts = new Set<string>();
  for (const written of needs.hosts) {
    const word = wholeWord(written);
    const given = word === null ? written : values[word];
    for (const text of Array.isArray(given) ? given : [given]) {
      if (typeof text !== 'string' || text === '') continue;
      try {
        const host = readHostPattern({ text: text.trim(), field: word ?? 'hosts', offset: 0 });
        if (word !== null && host.host.startsWith('*'))
          throw new Problem('invalid_input', 'It is a pattern.');
        hosts.add(writeHostPattern(host));
      } catch {
        const message = `“${text.slice(0, 200)}” is no address and no host.`;
        problems.push({ parameter: word, message });
      }
    }
  }
  const image =
    needs.image === null
      ? null
      : fillBraces(
          needs.image,
          (word) => Object.hasOwn(values, word) || Object.hasOwn(recipe.parameters, word),
          (word) => inWords(values[word]),
        ) || null;
  return {
    folders: [...folders.values()],
    hosts: [...hosts].toSorted(),
    sandbox: needs.sandbox ?? (image === null ? 'namespace' : 'container'),
    image,
    seconds,
  };
}
