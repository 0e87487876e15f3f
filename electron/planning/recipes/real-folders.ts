import { realpath, stat } from 'node:fs/promises';
import type { Params } from '../../../shared/plan.ts';
import type { RecipeFile } from '../../../shared/recipe.ts';
import { type ParameterProblem, wrongPath } from '../values/parameters.ts';

/**
 * The values with the folders that a recipe asks for by where they really lie: rights hold for real places, and a part
 * that was told of a link would be refused what it leads to. One that is not there is a mistake before anything begins.
 */
export async function withRealFolders(
  { needs, parameters }: RecipeFile,
  params: Readonly<Params>,
): Promise<{ params: Params; problems: ParameterProblem[] }> {
  const real: Params = { ...params };
  const problems: ParameterProblem[] = [];
  for (const name of new Set(needs.folders.map(({ parameter }) => parameter))) {
    const said = Object.hasOwn(params, name) ? params[name] : parameters[name]?.default;
    if (typeof said !== 'string' || wrongPath(said) !== null) continue;
    try {
      const path = await realpath(said);
      if (!(await stat(path)).isDirectory()) throw new Error('it is a file');
      real[name] = path;
    } catch {
      problems.push({ parameter: name, message: `There is no folder ${said} that could be looked into.` });
    }
  }
  return { params: real, problems };
}
