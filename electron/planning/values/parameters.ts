import type { Parameter, Params } from '../../../shared/plan.ts';
import type { Json } from './places.ts';

export interface ParameterProblem {
  readonly parameter: string | null;
  readonly message: string;
}

export interface CheckedParams {
  /** With the defaults of what was not said. */
  readonly values: Params;
  readonly problems: readonly ParameterProblem[];
}

/** Every value against its parameter, with all mistakes at once. */
export function checkParams(
  parameters: Readonly<Record<string, Parameter>>,
  params: Readonly<Params>,
): CheckedParams {
  // Of nothing: a parameter that is called “constructor” and was not given is not there.
  const values = Object.create(null) as Params;
  const problems: ParameterProblem[] = [];
  for (const [name, parameter] of Object.entries(parameters)) {
    const given = Object.hasOwn(params, name) ? params[name] : undefined;
    const value = given ?? parameter.default;
    if (value === undefined) {
      if (parameter.required) problems.push({ parameter: name, message: `“${name}” is missing.` });
      continue;
    }
    const wrong = wrongWith(parameter, value);
    if (wrong === null) values[name] = ofType(parameter, value);
    else problems.push({ parameter: name, message: `“${name}” ${wrong}` });
  }
  const known = Object.keys(parameters);
  for (const name of Object.keys(params)) {
    if (Object.hasOwn(parameters, name)) continue;
    const there = known.length > 0 ? ` There are ${known.join(', ')}.` : ' There are none.';
    problems.push({ parameter: name, message: `There is no parameter “${name}”.${there}` });
  }
  return { values, problems };
}

/** What is wrong with a value, to follow the parameter’s name; null: nothing. */
export function wrongWith({ type, choices }: Parameter, value: Json): string | null {
  switch (type) {
    case 'string':
    case 'text':
      return typeof value === 'string' ? null : 'must be text.';
    case 'path':
      return typeof value === 'string' ? wrongPath(value) : 'must be a path.';
    case 'string_list':
      return Array.isArray(value) && value.every((each) => ['string', 'number'].includes(typeof each))
        ? null
        : 'must be a list of texts.';
    case 'number':
      return typeof value === 'number' ? null : 'must be a number.';
    case 'boolean':
      return typeof value === 'boolean' ? null : 'must be true or false.';
    case 'choice':
      return typeof value === 'string' && (choices ?? []).includes(value)
        ? null
        : `must be ${(choices ?? []).join(' or ')}.`;
  }
}

/** A number among texts is one of them, as YAML writes it without quotation marks. */
function ofType({ type }: Parameter, value: Json): Json {
  return type === 'string_list' && Array.isArray(value) ? value.map(inWords) : value;
}

export function wrongPath(path: string): string | null {
  if (!path.startsWith('/')) return 'must be a whole path, beginning with “/”.';
  if (path.length > 4096) return 'is too long for a path.';
  if (path.split('/').includes('..')) return 'must be a path without “..”.';
  return /\p{Cc}/u.test(path) || !path.isWellFormed() ? 'has a character that cannot be shown.' : null;
}

/** How a message tells a value. */
export function inWords(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(inWords).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
