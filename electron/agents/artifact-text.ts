import type { Recognised } from '../../shared/methodology.ts';
import { jsonPlaces } from '../base/json-places.ts';
import { placeOf } from '../base/text-place.ts';
import { type DocumentIssue, tookTooLong } from './methodologies/artifact-schema.ts';
import type { Methodology } from './methodology.ts';

/**
 * What a file’s text is by the schemas of a methodology, and what keeps it from being that, each at its place.
 * Without a type it is recognised: where it is valid for several, none is chosen.
 */
export function checkArtifactText(
  text: string,
  type: string | null,
  methodology: Methodology | null,
): Recognised {
  const { failure } = jsonPlaces(text, new Set());
  if (failure) {
    const problem = {
      ...placeOf(text, failure.offset),
      field: '',
      message: `It is no JSON. ${failure.message}`,
    };
    return { type, fits: [], nearest: null, problems: [problem] };
  }
  // Without a methodology anything is what it is said to be.
  if (!methodology) return { type, fits: type === null ? [] : [type], nearest: null, problems: [] };
  const document = JSON.parse(text) as unknown;
  const types = [...methodology.types.values()];
  if (type !== null && !methodology.types.has(type)) {
    const there = types.map(({ name }) => name).join(', ') || 'none';
    const message = `The methodology declares no artifact type “${type}”. There are ${there}.`;
    return { type: null, fits: [], nearest: null, problems: [{ line: 1, column: 1, field: '', message }] };
  }
  const asked = type === null ? types : types.filter(({ name }) => name === type);
  const checked: { name: string; issues: readonly DocumentIssue[] }[] = [];
  for (const { name, check } of asked) {
    const issues = check.issues(document);
    checked.push({ name, issues });
    // Whoever asks waits meanwhile, and everybody else with them.
    if (issues === tookTooLong) break;
  }
  const fits = checked.filter(({ issues }) => issues.length === 0).map(({ name }) => name);
  if (fits.length > 0) {
    return { type: fits.length === 1 ? fits[0]! : null, fits, nearest: null, problems: [] };
  }
  const [nearest] = checked.toSorted((a, b) => a.issues.length - b.issues.length);
  return {
    type,
    fits,
    nearest: nearest?.name ?? null,
    problems: nearest ? placed(text, nearest.issues) : [nothingFits],
  };
}

const nothingFits = { line: 1, column: 1, field: '', message: 'The methodology declares no artifact type.' };

function placed(text: string, issues: readonly DocumentIssue[]): Recognised['problems'] {
  const { places } = jsonPlaces(text, new Set(issues.map(({ pointer }) => pointer)));
  return issues.map(({ pointer, message }) => ({
    ...placeOf(text, places.get(pointer) ?? 0),
    field: pointer,
    message,
  }));
}
