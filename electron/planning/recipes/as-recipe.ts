import { stringify } from 'yaml';
import type { Params, Plan } from '../../../shared/plan.ts';
import { Problem } from '../../../shared/problem.ts';
import { type RecipeFile, recipeFileSchema } from '../../../shared/recipe.ts';
import type { Ceiling } from '../../../shared/run.ts';
import { keepBraces } from '../values/braces.ts';
import { isPlace, type Json } from '../values/places.ts';

export interface Saved {
  readonly name: string;
  readonly title: string;
  readonly description: string;
}

const most = 262_144;

/** A recipe that does again what was done by a plan: its folders are parameters, with what they were as defaults. */
export function planAsRecipe(plan: Plan, ceiling: Ceiling, saved: Saved): string {
  const folders = ceiling.folders.map(({ path, mode }, i) => ({
    parameter: i === 0 ? 'folder' : `folder_${i + 1}`,
    path,
    mode,
  }));
  const put = (text: string) => {
    const kept = keepBraces(text, (word) => !isPlace(word));
    return folders
      .toSorted((a, b) => b.path.length - a.path.length)
      .reduce((all, { parameter, path }) => withFolderNamed(all, path, parameter), kept);
  };
  const value = (given: Json): Json => {
    if (typeof given === 'string') return put(given);
    if (Array.isArray(given)) return given.map(value);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, each]) => [key, value(each)]));
  };
  return written({
    ...saved,
    parameters: Object.fromEntries(
      folders.map(({ parameter, path }) => [parameter, { type: 'path', required: true, default: path }]),
    ),
    needs: {
      folders: folders.map(({ parameter, mode }) => ({ parameter, mode })),
      hosts: ceiling.hosts,
      sandbox: ceiling.sandbox,
      image: ceiling.image === null ? null : keepBraces(ceiling.image, () => true),
    },
    seconds: ceiling.seconds,
    plan: {
      final_output: put(plan.final_output),
      subtasks: plan.subtasks.map((part) => ({
        ...part,
        params: value(part.params),
        ...(part.title !== undefined && { title: put(part.title) }),
      })),
    },
  });
}

/** The recipe that a run was of, with the values that it had as defaults. */
export function recipeAsRecipe(recipe: RecipeFile, params: Params, saved: Saved): string {
  const parameters = Object.fromEntries(
    Object.entries(recipe.parameters).map(([name, parameter]) => {
      const value = Object.hasOwn(params, name) ? params[name] : undefined;
      return [name, value === undefined ? parameter : { ...parameter, default: value }];
    }),
  );
  return written({ ...recipe, ...saved, parameters });
}

/** A folder where it stands as a whole path or the beginning of one. */
function withFolderNamed(text: string, path: string, parameter: string): string {
  const place = path.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return text.replaceAll(new RegExp(`(?<![\\w./-])${place}(?=$|[/\\s"',;:)])`, 'g'), () => `{${parameter}}`);
}

function written(recipe: unknown): string {
  const text = stringify(lean(recipeFileSchema.parse(recipe)), { lineWidth: 110 });
  if (Buffer.byteLength(text) <= most) return text;
  throw new Problem('too_large', 'A recipe of this plan would be larger than 256 kB.');
}

/** Without what is as it would be anyway. */
function lean(recipe: RecipeFile): unknown {
  const { needs, plan, ...rest } = recipe;
  const subtasks = plan.subtasks.map((part) => ({
    ...part,
    params: Object.keys(part.params).length > 0 ? part.params : undefined,
    depends_on: part.depends_on.length > 0 ? part.depends_on : undefined,
    current_model_tier: part.current_model_tier > 0 ? part.current_model_tier : undefined,
  }));
  const asked = {
    folders: needs.folders.length > 0 ? needs.folders : undefined,
    hosts: needs.hosts.length > 0 ? needs.hosts : undefined,
    sandbox: needs.sandbox ?? undefined,
    image: needs.image ?? undefined,
  };
  const whole = {
    ...rest,
    seconds: rest.seconds ?? undefined,
    needs: Object.values(asked).some((each) => each !== undefined) ? asked : undefined,
    plan: { ...plan, final_output: plan.final_output || undefined, subtasks },
  };
  return JSON.parse(JSON.stringify(whole)) as unknown;
}
