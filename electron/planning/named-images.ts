import type { RecipeFile } from '../../shared/recipe.ts';
import type { NamedImage } from '../sessions/preset-images.ts';
import type { RecipeFiles } from './recipe-files.ts';
import type { RoleFiles } from './role-files.ts';
import { fillBraces } from './values/braces.ts';
import { inWords } from './values/parameters.ts';

/** Images that roles and recipes name. */
export async function namedImages(
  roles: Pick<RoleFiles, 'list'>,
  recipes: Pick<RecipeFiles, 'list'>,
): Promise<NamedImage[]> {
  const ofRoles = (await roles.list()).flatMap(({ name, role }) =>
    role?.sandbox.image ? [{ image: role.sandbox.image, by: `the role “${name}”` }] : [],
  );
  const ofRecipes = (await recipes.list()).flatMap(({ name, recipe }) =>
    recipe ? imagesOf(recipe).map((image) => ({ image, by: `the recipe “${name}”` })) : [],
  );
  return [...ofRoles, ...ofRecipes];
}

/** With the usual value of each parameter, and with each of its choices: what else somebody gives is not known. */
function imagesOf({ needs: { image }, parameters }: RecipeFile): string[] {
  if (image === null) return [];
  const filled = (chosen: Readonly<Record<string, string>>) =>
    fillBraces(
      image,
      (word) => Object.hasOwn(parameters, word),
      (word) => chosen[word] ?? inWords(parameters[word]?.default),
    );
  const choices = Object.entries(parameters).flatMap(([name, { choices: some = [] }]) =>
    some.map((choice) => ({ [name]: choice })),
  );
  return [...new Set([{}, ...choices].map(filled))].filter((each) => each !== '');
}
