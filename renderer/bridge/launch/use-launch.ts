import { useEffect, useMemo } from 'react';
import type { RecipeEntry } from '../../../shared/contract/planning.ts';
import { useHouse } from '../house.ts';
import { useTask } from '../use-task.ts';
import { useRested } from '../../ui/use-rested.ts';
import { type LaunchForm, type ReadLaunch, readLaunch } from './launch-form.ts';
import { paramsOf } from './recipe-params.ts';

/** What the form means: what is wrong with it, what it would be allowed, and whether it can be started. */
export function useLaunch(form: LaunchForm, entry: RecipeEntry | null) {
  const { client } = useHouse();
  const recipe = form.kind === 'recipe' ? (entry?.recipe ?? null) : null;
  const params = useMemo(() => recipe && paramsOf(recipe, form.params), [recipe, form.params]);
  const asked = useRested(JSON.stringify(recipe && { name: recipe.name, params }));
  const { run: fill, ...filled } = useTask(async (signal, question: string) => {
    const { name, params: values } = JSON.parse(question) as { name: string; params: Record<string, string> };
    const asksFor = { name, params: values };
    // Not the fill of an array.
    // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type
    return { question, ...(await client.recipes.fill(asksFor, { signal })) };
  });
  useEffect(() => {
    if (asked !== 'null') void fill(asked);
  }, [asked, fill]);
  const present = JSON.stringify(recipe && { name: recipe.name, params });
  const known = filled.result?.question === present ? filled.result : null;

  const read: ReadLaunch = useMemo(
    () => readLaunch(form, params, known?.plan ? known.asks : null, recipe?.title ?? null),
    [form, params, known, recipe],
  );
  const wished = JSON.stringify(read.wish);
  const looked = useRested(wished);
  const { run: look, ...preview } = useTask(async (signal, question: string) => {
    const wish = JSON.parse(question) as NonNullable<ReadLaunch['wish']>;
    return { question, ...(await client.runs.preview(wish, { signal })) };
  });
  useEffect(() => {
    if (looked !== 'null') void look(looked);
  }, [looked, look]);
  const wrongParams = (filled.result?.question === present ? filled.result.problems : []) ?? [];
  return {
    read,
    /** What is wrong with the values of a recipe, by parameter. */
    wrongParams,
    preview: preview.result?.question === wished ? preview.result : null,
    problem: filled.problem ?? preview.problem,
  };
}

export type Launch = ReturnType<typeof useLaunch>;
