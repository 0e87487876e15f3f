import type { z } from 'zod';
import { fillBraces, keepBraces } from './braces.ts';

export type Json = z.core.util.JSONType;

/** What a plan’s texts may name: `{run}`, `{workspace}` and `{input.NAME}`. */
export const isPlace = (word: string): boolean =>
  word === 'run' || word === 'workspace' || word.startsWith('input.');

export interface Places {
  readonly run: string;
  readonly workspace: string;
  /** What a parent leaves; a `string` that is no path is thrown nowhere: it says why there is none. */
  readonly input: (name: string) => { readonly path: string } | { readonly problem: string };
}

/** A value of a plan with its places put in, once; what could not be is told to `problem`. */
export function withPlaces(value: Json, places: Places, problem: (message: string) => void): Json {
  if (typeof value === 'string') return textWithPlaces(value, places, problem);
  if (Array.isArray(value)) return value.map((each) => withPlaces(each, places, problem));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withPlaces(each, places, problem)]),
  );
}

export function textWithPlaces(text: string, places: Places, problem: (message: string) => void): string {
  if (!text.includes('{')) return text;
  return fillBraces(text, isPlace, (word) => {
    if (word === 'run') return places.run;
    if (word === 'workspace') return places.workspace;
    const found = places.input(word.slice('input.'.length));
    if ('path' in found) return found.path;
    problem(found.problem);
    return '';
  });
}

/** Someone’s words as a plan writes them: nothing in them names a place. */
export const wordsAsWritten = (text: string): string => keepBraces(text, isPlace);

/** The same of every text in a value. */
export function asWritten(value: Json): Json {
  if (typeof value === 'string') return wordsAsWritten(value);
  if (Array.isArray(value)) return value.map(asWritten);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, asWritten(each)]));
}
