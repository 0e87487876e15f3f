import { Problem } from '../../../shared/problem.ts';
import type { PresetRecipe } from '../../agents/preset-recipe.ts';
import { layerPlace } from '../../sandbox/images.ts';
import type { Sandbox, Told } from '../../sandbox/sandbox.ts';
import { runScript, type Said } from '../working/run-script.ts';
import { type RegistryGate, registryOf } from './registry-gate.ts';

/** Where npm keeps what it does not install. */
export const besidePlace = '/holdfast/npm';
/** Its configuration among the secrets of the container, which lie in its memory. */
export const configurationName = 'npmrc';
const configurationPlace = `/run/secrets/${configurationName}`;

const asking = { timeoutMs: 60_000 };
const installing = { timeoutMs: 20 * 60_000 };

/** npm as this machine has it, or else as the image has it; whom the machine trusts, it trusts too. */
const npm = `
for trusted in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
  if [ -r "$trusted" ]; then NODE_EXTRA_CA_CERTS=$trusted; export NODE_EXTRA_CA_CERTS; break; fi
done
npm() { if [ -n "$NPM_CLI" ]; then node "$NPM_CLI" "$@"; else command npm "$@"; fi; }
`;

const registryScript = `${npm}
npm config get registry
`;

const quietly = '--no-audit --no-fund --no-update-notifier --loglevel http';

const installScript = `${npm}
set -eu
mkdir -p "$npm_config_cache" "$TMPDIR"
npm install --global --prefix ${layerPlace} --registry "$2" ${quietly} $NPM_SCRIPTS -- "$1" 2>&1
`;

/** What packages bring runs only where what a registry was shown is gone. */
const forgetScript = `${npm}
set -eu
rm -f ${configurationPlace}
[ ! -e ${configurationPlace} ] || { echo "what the registry was shown cannot be taken away again"; exit 43; }
npm rebuild --global --prefix ${layerPlace} --registry "$2" ${quietly} 2>&1
`;

const programScript = `[ -x "${layerPlace}/bin/$1" ]`;

const versionScript = `
node -p 'JSON.parse(require("fs").readFileSync(process.argv[1], "utf8")).version' -- \\
  "${layerPlace}/lib/node_modules/$1/package.json"
`;

export interface Installing {
  readonly recipe: PresetRecipe;
  readonly version: string | null;
  readonly gate: RegistryGate;
  /** Of this machine’s npm; where the image brings its own, nothing. */
  readonly search: { readonly cli: string; readonly path: string } | null;
  readonly signal: AbortSignal;
  readonly told: Told;
}

/** Installs what a preset needs below `layerPlace`, and says which version it is. */
export async function install(sandbox: Sandbox, wish: Installing): Promise<string> {
  const { recipe, version, gate, search, signal, told } = wish;
  const environment = {
    NPM_CLI: search?.cli ?? '',
    npm_config_cache: `${besidePlace}/cache`,
    TMPDIR: `${besidePlace}/tmp`,
    // A registry on the loopback of this machine is asked through the proxy too: in the container it is another.
    no_proxy: '',
    NO_PROXY: '',
    NPM_SCRIPTS: recipe.from.configuration ? '--ignore-scripts' : '',
    ...(recipe.from.configuration ? { npm_config_userconfig: configurationPlace } : {}),
    ...(search ? { PATH: search.path } : {}),
  };
  const run = (text: string, words: readonly string[], more: { timeoutMs: number }, into?: Into) =>
    runScript(sandbox, { text, words, environment, signal, ...more, ...(into ? { into } : {}) });
  const { registry: own, scopes, configuration } = recipe.from;
  const from = registryOf(own ?? registryTold(await run(registryScript, [], asking)), own !== null);
  const ofScopes = new Map(Object.entries(scopes).map(([scope, url]) => [scope, registryOf(url, true)]));
  gate.open([from, ...ofScopes.values()]);
  const { host } = ofScopes.get(recipe.package.split('/')[0] ?? '') ?? from;
  told(`fetching ${recipe.package} from ${host}`);
  const heard = new NpmWords(told, configuration?.secrets ?? []);
  const words = [`${recipe.package}@${version ?? 'latest'}`, from.url];
  const npmRuns = async (text: string) => {
    const done = await run(text, words, installing, (bytes) => heard.add(bytes));
    if (done.code !== 0) throw notInstalled(recipe, heard.last, gate.refused, sandboxLacks(done, heard.last));
  };
  await npmRuns(installScript);
  if (configuration) await npmRuns(forgetScript);
  if ((await run(programScript, [recipe.program], asking)).code !== 0) {
    throw notInstalled(recipe, `there is no program ${recipe.program} in it`, gate.refused, false);
  }
  const { code, out } = await run(versionScript, [recipe.package], asking);
  const found = out.toString().trim();
  if (code !== 0 || !/^\d[\w.+-]{0,79}$/.test(found)) {
    throw new Problem('unavailable', `${recipe.package} does not say which version it is.`);
  }
  return found;
}

type Into = (bytes: Uint8Array) => Promise<void>;

function registryTold(said: Said): string {
  if (said.code === 0) return said.out.toString().trim();
  if (said.code === 127) throw withoutNpm();
  throw new Problem('unavailable', `npm does not say where its packages come from: ${said.err.slice(-300)}`);
}

const sandboxLacks = ({ code }: Said, words: string): boolean => code === 127 && words.includes('not found');

export const withoutNpm = (): Problem =>
  new Problem(
    'not_found',
    'There is no npm to install it with.',
    'Install Node.js with npm, or name an image that has them: `--over node:24`.',
  );

function notInstalled(recipe: PresetRecipe, last: string, refused: string, lacks: boolean): Problem {
  if (lacks) return withoutNpm();
  const more = refused === '' ? '' : ` What it asked for was refused here: ${refused}`;
  return new Problem(
    'unavailable',
    `npm could not install ${recipe.package}: ${last}.${more}`,
    'Look at the name of the version, and at the network: a registry with an address of this machine or of a private network is reached where your .npmrc names it, and “registry” is said there.',
  );
}

const mostLine = 2000;

/** What npm writes while it works: how much it has fetched, and its last complaint. */
class NpmWords {
  readonly #told: Told;
  readonly #secrets: readonly string[];
  readonly #decoder = new TextDecoder();
  #rest = '';
  #fetched = 0;
  #complaints: string[] = [];
  #words = '';

  constructor(told: Told, secrets: readonly string[]) {
    this.#told = told;
    this.#secrets = secrets;
  }

  add(bytes: Uint8Array): Promise<void> {
    const lines = `${this.#rest}${this.#decoder.decode(bytes, { stream: true })}`.split('\n');
    this.#rest = this.#without(lines.pop() ?? '').slice(-mostLine);
    const before = this.#fetched;
    for (const line of lines) this.#hear(this.#without(line).slice(0, mostLine).trim());
    if (this.#fetched > before)
      this.#told(`fetched ${this.#fetched} ${this.#fetched === 1 ? 'file' : 'files'}`);
    return Promise.resolve();
  }

  get last(): string {
    return this.#complaints.join(' ').slice(0, 400) || this.#words.slice(0, 400) || 'it said nothing';
  }

  /** A registry may say again what it was shown. */
  #without(line: string): string {
    return this.#secrets.reduce((said, secret) => said.replaceAll(secret, '…'), line);
  }

  #hear(line: string): void {
    if (/^npm (info |http )?http fetch|^npm http/.test(line)) {
      this.#fetched++;
      return;
    }
    const complaint = /^npm (?:error|ERR!) (.*)/.exec(line)?.[1];
    if (complaint !== undefined && !complaint.includes('complete log of this run')) {
      if (this.#complaints.length < 4) this.#complaints.push(complaint);
    } else if (line !== '') this.#words = line;
  }
}
