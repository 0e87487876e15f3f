import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PresetName } from '../../shared/command-agent.ts';
import type { Actor } from '../../shared/events/event.ts';
import type { Draft } from '../../shared/events/catalogue.ts';
import type { ImageMaking, ImagePruning, KeptImage, PresetImage } from '../../shared/preset-image.ts';
import { Problem } from '../../shared/problem.ts';
import { sandboxLimitsSchema } from '../../shared/session.ts';
import type { Agents } from '../agents/agents.ts';
import type { PresetRecipe } from '../agents/preset-recipe.ts';
import { newId } from '../base/ids.ts';
import { removeTree } from '../base/remove-tree.ts';
import { type Images, layerPlace, type MadeLayer } from '../sandbox/images.ts';
import type { Executor, Sandbox, Told } from '../sandbox/sandbox.ts';
import { imagesBeingMade, imagesOfPreset, madeImages } from './image-rows.ts';
import { besidePlace, configurationName, install, type Installing, withoutNpm } from './imaging/install.ts';
import { keptImages, pruneImages, type PruneWish } from './imaging/kept-images.ts';
import { RegistryGate } from './imaging/registry-gate.ts';
import { told } from './imaging/telling.ts';
import type { SessionParts } from './session-parts.ts';
import { makeGiven, openOwn, type SandboxAccount } from './working/own-folders.ts';

export interface ImageWish {
  readonly preset: PresetName;
  readonly version: string | null;
  /** The image that it is laid over; null: this machine’s own system. */
  readonly over: string | null;
}

/** An image, as it is named by something that lies above. */
export interface NamedImage {
  readonly image: string;
  /** In words. */
  readonly by: string;
}

export interface PresetImageParts extends Pick<
  SessionParts,
  'record' | 'clock' | 'log' | 'executor' | 'data' | 'ownPlaces'
> {
  readonly agents: Pick<Agents, 'recipe' | 'list'>;
  readonly account: SandboxAccount;
  /** By roles and recipes: what they name is used. */
  readonly named: () => Promise<readonly NamedImage[]>;
}

const system = { kind: 'system' } as const;
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const mostBytes = 8 * 2 ** 30;

/** Images with a known agent’s program in them: installed in a container, and laid over an image of the engine. */
export class PresetImages {
  readonly #parts: PresetImageParts;
  readonly #folder: string;
  readonly #making = new Set<PresetName>();
  readonly #closing = new AbortController();
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(parts: PresetImageParts) {
    this.#parts = parts;
    this.#folder = join(parts.data, 'images');
  }

  static async open(parts: PresetImageParts): Promise<PresetImages> {
    const images = new PresetImages(parts);
    await images.#endKilled();
    return images;
  }

  /** The one that an agent of this preset is given: the newest that the engine still has; null: there is none. */
  async newest(preset: PresetName): Promise<PresetImage | null> {
    for (const row of this.#parts.record.rows(imagesOfPreset, preset)) {
      const image = JSON.parse(String(row['image'])) as PresetImage;
      if (await (await this.#engine()).images.has(image.digest)) return image;
    }
    return null;
  }

  /** Those of one preset that the engine still has, or of all; the newest of each first. */
  kept(preset: PresetName | null): Promise<KeptImage[]> {
    return keptImages(this.#keeping, preset);
  }

  /** Removes those that are older than the newest of their preset and used by nothing. */
  prune(wish: PruneWish, by: Actor): Promise<ImagePruning> {
    const pruning = pruneImages(this.#keeping, wish, by);
    this.#busy = Promise.allSettled([this.#busy, pruning]);
    return pruning;
  }

  /** Says what it is doing, and at last which image it made. Whoever stops listening stops it. */
  make(wish: ImageWish, by: Actor, signal: AbortSignal): AsyncGenerator<ImageMaking, void> {
    const given = AbortSignal.any([signal, this.#closing.signal]);
    return told(given, async (tell, until) => {
      const making = this.#inTurn(wish.preset, () => this.#made(wish, by, until, tell));
      this.#busy = Promise.allSettled([this.#busy, making]);
      return { state: 'made', image: await making };
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#busy;
  }

  get #keeping() {
    const { record, agents, named } = this.#parts;
    return { record, agents, named, images: async () => (await this.#engine()).images };
  }

  async #inTurn(preset: PresetName, make: () => Promise<PresetImage>): Promise<PresetImage> {
    if (this.#making.has(preset)) {
      throw new Problem('conflict', `An image of “${preset}” is being made already.`, 'Wait for it.');
    }
    this.#making.add(preset);
    try {
      return await make();
    } finally {
      this.#making.delete(preset);
    }
  }

  async #made(wish: ImageWish, by: Actor, signal: AbortSignal, tell: Told): Promise<PresetImage> {
    const { record, clock, agents } = this.#parts;
    const recipe = await agents.recipe(wish.preset);
    const [{ images }] = await Promise.all([this.#engine(), refuseWithoutNpm(recipe, wish)]);
    const { preset, package: name } = recipe;
    const began = clock.now().getTime();
    const intent = { preset, package: name, version: wish.version, over: wish.over };
    await record.append({ kind: 'image.begun', actor: by, data: intent });
    try {
      const gate = new RegistryGate();
      const { version, layer } = await this.#installed(recipe, wish, { images, gate, signal, tell });
      const { digest, bytes, engine } = layer;
      const image = { preset, package: name, version, digest, bytes, over: wish.over };
      const seconds = (clock.now().getTime() - began) / 1000;
      const data = { ...image, engine, seconds, hosts: gate.uses };
      const event: Draft = { kind: 'image.made', actor: by, data };
      const made = await record.append(event);
      return { ...image, made: made.time };
    } catch (thrown) {
      const { message: reason } = Problem.of(thrown);
      await record.append({ kind: 'image.failed', actor: system, data: { preset, package: name, reason } });
      throw thrown;
    }
  }

  async #installed(
    recipe: PresetRecipe,
    { version, over }: ImageWish,
    { images, gate, signal, tell }: { images: Images; gate: RegistryGate; signal: AbortSignal; tell: Told },
  ): Promise<{ version: string; layer: MadeLayer }> {
    const { clock, data, account } = this.#parts;
    const session = newId('session', clock.now());
    const folder = join(this.#folder, session);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await mkdir(folder, { mode: 0o711 });
    await chmod(folder, 0o711);
    const [prefix, beside] = [join(folder, 'installed'), join(folder, 'beside')];
    try {
      await Promise.all([makeGiven(prefix, account), makeGiven(beside, account)]);
      const search = over === null ? searchOf(recipe) : null;
      const given = [
        { path: prefix, at: layerPlace, counted: true },
        { path: beside, at: besidePlace, counted: true },
        ...(search ? search.folders.map((path) => ({ path, writable: false })) : []),
      ];
      const scratch = join(data, 'sandboxes', session);
      tell('starting a container');
      const configuration = recipe.from.configuration?.text ?? null;
      const wanted = { session, scratch, over, gate, given, configuration };
      const sandbox = await this.#sandbox(wanted, signal, tell);
      const found = await installed(sandbox, { recipe, version, gate, search, signal, told: tell });
      tell(`putting ${recipe.package} ${found} into an image`);
      const node =
        recipe.npm && over === null && !recipe.npm.node.startsWith('/usr/') ? recipe.npm.node : null;
      const layer = await images.addLayer(
        {
          session,
          over,
          folder: prefix,
          programs: node === null ? {} : { node },
          name: `localhost/holdfast/${recipe.preset}:${found.replaceAll('+', '-')}`,
          about: { preset: recipe.preset, package: recipe.package, version: found },
        },
        signal,
      );
      return { version: found, layer };
    } finally {
      await removeTree(folder);
    }
  }

  async #sandbox(
    { session, scratch, over, gate, given, configuration }: Wanted,
    signal: AbortSignal,
    tell: Told,
  ): Promise<Sandbox> {
    const { ownPlaces } = this.#parts;
    const { executor } = await this.#engine();
    const opened = openOwn(given);
    try {
      const limits = sandboxLimitsSchema.parse({ diskBytes: mostBytes, supervised: true });
      const plan = {
        session,
        folders: [],
        own: opened.own,
        egress: gate,
        loopback: true,
        unixSockets: true,
        limits,
        image: over,
        terminal: null,
        environment: {},
        secrets: configuration === null ? {} : { [configurationName]: Buffer.from(configuration) },
        masked: await ownPlaces(),
        scratch,
        kept: join(dirname(scratch), `${session}-kept`),
      };
      return await (await executor.prepare(plan, signal, tell)).start();
    } finally {
      opened.close();
    }
  }

  async #engine(): Promise<{ executor: Executor; images: Images }> {
    const executor = await this.#parts.executor('container');
    if (executor.images) return { executor, images: executor.images };
    throw new Problem('unavailable', 'No images can be made here.');
  }

  /** Of a life that was killed: nothing but the word that it was begun is left, and that it came to nothing. */
  async #endKilled(): Promise<void> {
    const { record, log } = this.#parts;
    const killed = record.rows(imagesBeingMade);
    await removeTree(this.#folder);
    if (killed.length === 0) return;
    try {
      const { executor, images } = await this.#engine();
      const known = new Set(record.rows(madeImages).map(({ digest }) => String(digest)));
      const { removed } = await executor.reconcile();
      const things = [...removed, ...(await images.removeUnknown(known))];
      if (things.length > 0) {
        await record.append({
          kind: 'leftovers.removed',
          actor: system,
          data: { things, count: things.length },
        });
      }
    } catch (failure) {
      log.warn({ err: failure }, 'what an image that was being made left could not be looked for');
    }
    for (const row of killed) {
      const data = {
        preset: String(row['preset']) as PresetName,
        package: String(row['package']),
        reason: 'Holdfast was killed meanwhile.',
      };
      await record.append({ kind: 'image.failed', actor: system, data });
    }
  }
}

interface Wanted {
  readonly session: ReturnType<typeof newId<'session'>>;
  readonly scratch: string;
  readonly over: string | null;
  readonly gate: RegistryGate;
  readonly given: Parameters<typeof openOwn>[0];
  /** Npm's, with what a registry is shown; null: none. */
  readonly configuration: string | null;
}

async function refuseWithoutNpm({ npm }: PresetRecipe, { over }: ImageWish): Promise<void> {
  if (over === null && npm === null) throw withoutNpm();
}

/** Where this machine’s npm and its node are found, and what a container has to be given for that. */
function searchOf({ npm }: PresetRecipe) {
  if (npm === null) throw withoutNpm();
  const node = dirname(npm.node);
  const folders = [...npm.folders, ...(npm.node.startsWith('/usr/') ? [] : [node])];
  return { cli: npm.path, path: `${node}:${usualPath}`, folders: outermost(folders) };
}

/** Each once, and none that lies within another. */
const outermost = (folders: readonly string[]): string[] =>
  [...new Set(folders)].filter((one) => !folders.some((other) => one.startsWith(`${other}/`)));

/** Whatever happens meanwhile, the container is taken down. */
async function installed(sandbox: Sandbox, wish: Installing): Promise<string> {
  try {
    return await install(sandbox, wish);
  } finally {
    await sandbox.teardown();
  }
}
