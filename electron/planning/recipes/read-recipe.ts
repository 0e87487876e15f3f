import { type RecipeFile, recipeFileSchema, type RecipeSubtask } from '../../../shared/recipe.ts';
import type { PlacedProblem } from '../../base/placed-text.ts';
import { readFields, type ReadText } from '../../base/read-fields.ts';
import { checkParameters } from '../roles/read-role.ts';
import { wordsIn } from '../values/braces.ts';
import { isPlace, type Json } from '../values/places.ts';
import { ofEach } from './fill-recipe.ts';

/** Names that stand for something else in the texts of a recipe. */
const taken = new Set(['run', 'workspace', 'input', ...ofEach]);

/** A recipe’s text; `roles` are the names that its parts may be of. */
export function readRecipe(text: string, roles: ReadonlySet<string>): ReadText<RecipeFile> {
  const read = readFields(
    text,
    recipeFileSchema,
    'It holds no recipe: one has a name, a title and a plan at least.',
  );
  const { value: recipe, placed } = read;
  if (!recipe) return read;
  const problems: PlacedProblem[] = [];
  const wrong = (path: readonly PropertyKey[], message: string) =>
    void problems.push(placed.at(path, message));
  checkParameters(recipe.parameters, wrong);
  for (const name of Object.keys(recipe.parameters)) {
    if (taken.has(name)) wrong(['parameters', name], `{${name}} stands for something else in a plan.`);
  }
  checkNeeds(recipe, wrong);
  const several = new Set(recipe.plan.subtasks.filter((part) => part.for_each).map(({ id }) => id));
  recipe.plan.subtasks.forEach((part, i) => {
    const at = (...rest: PropertyKey[]) => ['plan', 'subtasks', i, ...rest];
    if (!roles.has(part.role)) wrong(at('role'), `There is no role “${part.role}” that could work.`);
    checkPart(part, recipe, several, (path, message) => wrong(at(...path), message));
  });
  const known = (word: string) => isPlace(word) || Object.hasOwn(recipe.parameters, word);
  for (const word of wordsIn(recipe.plan.final_output)) {
    if (!known(word)) wrong(['plan', 'final_output'], unknownWord(word));
  }
  return { placed, problems, value: problems.length > 0 ? null : recipe };
}

type Wrong = (path: readonly PropertyKey[], message: string) => void;

const unknownWord = (word: string) =>
  `There is no parameter “${word}”. Write {{${word}}} where the braces are meant as they stand.`;

function checkNeeds({ needs, parameters }: RecipeFile, wrong: Wrong): void {
  needs.folders.forEach(({ parameter }, i) => {
    if (parameters[parameter]?.type === 'path') return;
    wrong(['needs', 'folders', i, 'parameter'], `There is no parameter “${parameter}” of type path.`);
  });
  const named = needs.hosts.map((text, i): [PropertyKey[], string] => [['needs', 'hosts', i], text]);
  if (needs.image !== null) named.push([['needs', 'image'], needs.image]);
  for (const [path, text] of named) {
    for (const word of wordsIn(text)) if (!Object.hasOwn(parameters, word)) wrong(path, unknownWord(word));
  }
}

function checkPart(
  part: RecipeSubtask,
  { parameters }: RecipeFile,
  several: ReadonlySet<string>,
  wrong: Wrong,
): void {
  const { for_each: through } = part;
  if (through !== undefined && parameters[through]?.type !== 'string_list') {
    wrong(['for_each'], `There is no parameter “${through}” of type string_list.`);
  }
  const known = (word: string) =>
    isPlace(word) || (ofEach.includes(word) && through !== undefined) || Object.hasOwn(parameters, word);
  const look = (value: Json, path: readonly PropertyKey[], entry: boolean): void => {
    if (typeof value === 'string') {
      for (const word of wordsIn(value)) {
        if (!known(word)) wrong(path, unknownWord(word));
        const whole = entry && value === `{${word}}`;
        if (several.has(word.slice('input.'.length)) && word.startsWith('input.') && !whole) {
          wrong(path, `{${word}} stands for several files: it can only be an entry of a list.`);
        }
      }
    } else if (Array.isArray(value)) value.forEach((each, i) => look(each, [...path, i], true));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) look(each, [...path, key], false);
    }
  };
  look(part.params, ['params'], false);
  if (part.title !== undefined) look(part.title, ['title'], false);
}
