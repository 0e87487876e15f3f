import type { RecipeFile } from '../../../shared/recipe.ts';
import type { Parameter } from '../../../shared/plan.ts';
import type { LaunchForm, Typed } from './launch-form.ts';

type Value = string | number | boolean | string[];

/** The values as they are sent. What is left empty is left out: then its default holds, or it is missed. */
export function paramsOf(recipe: RecipeFile, typed: LaunchForm['params']): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(recipe.parameters).flatMap(([name, parameter]) => {
      const value = valueOf(parameter, typed[name] ?? typedOf(parameter, parameter.default));
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function valueOf({ type }: Parameter, typed: Typed): Value | undefined {
  if (typeof typed === 'boolean') return typed;
  if (type === 'string_list') {
    const entries = typed.split('\n').filter((entry) => entry.trim() !== '');
    return entries.length > 0 ? entries : undefined;
  }
  if (typed.trim() === '') return undefined;
  if (type === 'number') return Number.isFinite(Number(typed)) ? Number(typed) : typed;
  return type === 'text' ? typed : typed.trim();
}

/** A default as a field shows it. */
export function typedOf({ type }: Parameter, value: unknown): Typed {
  return type === 'boolean' ? value === true : shownValue(value);
}

export function shownValue(value: unknown): Typed {
  if (typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(String).join('\n');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
