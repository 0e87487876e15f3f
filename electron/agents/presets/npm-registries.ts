import { Problem } from '../../../shared/problem.ts';

/** Where a person's own npm gets packages from, and what it shows there. */
export interface NpmRegistries {
  /** For what has no registry of its scope's; null: where npm asks of itself. */
  readonly registry: string | null;
  /** Scope, with its `@` → its registry. */
  readonly scopes: Readonly<Record<string, string>>;
  /** Secrets, as npm's configuration has them; of these registries alone. */
  readonly shown: readonly (readonly [key: string, value: string])[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const secretKinds = new Set(['_authToken', '_auth', 'username', '_password']);
const certificateKinds = new Set(['certfile', 'keyfile']);

/** Of all that npm is told in its configuration, only this is read. */
export function npmRegistries(text: string, environment: Environment): NpmRegistries {
  const told = environment['npm_config_registry'] ?? environment['NPM_CONFIG_REGISTRY'];
  const said = new Map(text.split('\n').flatMap(lineOf));
  const value = (key: string) => expanded(said.get(key) ?? '', environment);
  const registry = (told ?? '') || value('registry') || null;
  const scopes: Record<string, string> = {};
  for (const key of said.keys()) {
    const scope = /^(@[^\s/:]+):registry$/.exec(key)?.[1];
    if (scope !== undefined && value(key) !== '') scopes[scope] = value(key);
  }
  const places = new Set([...(registry === null ? [] : [registry]), ...Object.values(scopes)].flatMap(above));
  const shown: (readonly [string, string])[] = [];
  for (const key of said.keys()) {
    const [, place = '', kind = ''] = /^(\/\/.*\/):([^/:]+)$/.exec(key) ?? [];
    if (!places.has(place)) continue;
    if (certificateKinds.has(kind)) throw withCertificate(place);
    if (secretKinds.has(kind) && value(key) !== '') shown.push([key, value(key)]);
  }
  return { registry, scopes, shown };
}

/** The configuration of an npm that is to use them; null: there is nothing to say but the registry. */
export function npmConfiguration({ scopes, shown }: NpmRegistries): string | null {
  const said = [
    ...Object.entries(scopes).map(([scope, url]) => [`${scope}:registry`, url] as const),
    ...shown,
  ];
  if (said.length === 0) return null;
  return said.map(([key, value]) => `${key}=${JSON.stringify(value)}\n`).join('');
}

/** What must never be said again, in each form that somebody could say it in. */
export function npmSecrets({ shown }: NpmRegistries): string[] {
  const secrets = shown.flatMap(([key, value]) => {
    const kind = key.slice(key.lastIndexOf(':') + 1);
    if (kind === 'username') return [];
    if (kind === '_authToken') return [value];
    const plain = Buffer.from(value, 'base64').toString();
    return [value, plain, ...(kind === '_auth' ? [plain.slice(plain.indexOf(':') + 1)] : [])];
  });
  // The longest first, so that nothing of one is left where another is its beginning.
  return secrets.filter((each) => each.length > 3).toSorted((one, other) => other.length - one.length);
}

/** npm's own form: `key = value`, quoted or not, with comments. */
function lineOf(line: string): [string, string][] {
  const [, key = '', rest = ''] = /^\s*([^#;[\s=][^\s=]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
  if (key === '') return [];
  const quoted = /^"([^"]*)"$|^'([^']*)'$/.exec(rest);
  const value = quoted ? (quoted[1] ?? quoted[2] ?? '') : (rest.split(/[;#]/)[0] ?? '').trimEnd();
  return [[key, value]];
}

/** As npm puts the environment's words in: `${NAME}`, or `${NAME?}` for one that may be missing. */
function expanded(text: string, environment: Environment): string {
  return text.replaceAll(/\$\{([^${}?]+)(\?)?\}/g, (_whole, name: string, optional?: string) => {
    const value = environment[name];
    if (value !== undefined) return value;
    if (optional !== undefined) return '';
    throw new Problem(
      'invalid_input',
      `Your .npmrc names the variable ${name}, and Holdfast was started without it.`,
      `Start Holdfast with ${name} set, or write what it stands for into .npmrc.`,
    );
  });
}

/** A registry and all above it, as npm names them where it says what they are shown. */
function above(registry: string): string[] {
  const url = URL.parse(registry.trim());
  if (url === null) return [];
  const names = url.pathname.split('/').filter((name) => name !== '');
  return [...names.keys(), names.length].map(
    (count) =>
      `//${url.host}/${names
        .slice(0, count)
        .map((name) => `${name}/`)
        .join('')}`,
  );
}

const withCertificate = (place: string) =>
  new Problem(
    'invalid_input',
    `Your .npmrc has a certificate of yours for ${place}; an image cannot be made with one.`,
    'Use a token (_authToken) for this registry, or name an image that has the program under “sandbox”.',
  );
