import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecipeEntry } from '../../shared/contract/planning.ts';
import { Problem } from '../../shared/problem.ts';
import { type RecipeFile, recipeNameSchema } from '../../shared/recipe.ts';
import type { Role } from '../../shared/role.ts';
import { type DeclaredFile, mostDeclaredBytes, readDeclared } from '../base/declared-files.ts';
import { watchSaid } from '../base/folder-watch.ts';
import { makePrivateFolder, writePrivateFile } from '../base/private-files.ts';
import type { ReadText } from '../base/read-fields.ts';
import { readRecipe } from './recipes/read-recipe.ts';
import { type FilePlaces, type RoleFiles, shownOf } from './role-files.ts';

type Shown = DeclaredFile<RecipeFile> & { hides: boolean };

/** Recipes, as their files say them. The person’s own stand in the place of bundled ones of the same name. */
export class RecipeFiles {
  readonly #places: FilePlaces;
  readonly #roles: RoleFiles;

  constructor(places: FilePlaces, roles: RoleFiles) {
    this.#places = places;
    this.#roles = roles;
  }

  async list(): Promise<RecipeEntry[]> {
    const roles = await this.#roles.usable();
    return (await this.#shown(roles)).map((file) => entryOf(file, roles));
  }

  async entry(name: string): Promise<RecipeEntry & { text: string }> {
    const roles = await this.#roles.usable();
    const file = found(await this.#shown(roles), name);
    return { ...entryOf(file, roles), text: file.text };
  }

  /** A recipe to be launched; a `Problem` with the place where its file is broken. */
  async get(name: string): Promise<RecipeFile> {
    const file = found(await this.#shown(await this.#roles.usable()), name);
    if (file.read.value) return file.read.value;
    const [problem] = file.read.problems;
    const where = problem
      ? `line ${problem.line}, column ${problem.column}: ${problem.message}`
      : 'it is empty.';
    throw new Problem(
      'invalid_input',
      `${file.file} is no recipe that could be launched: ${where}`,
      'Mend its file: `holdfast recipes validate FILE` lists what is wrong.',
    );
  }

  async check(text: string): Promise<ReadText<RecipeFile>> {
    if (Buffer.byteLength(text) > mostDeclaredBytes) {
      throw new Problem('too_large', `A recipe has at most ${mostDeclaredBytes} bytes.`);
    }
    return readRecipe(text, new Set((await this.#roles.usable()).keys()));
  }

  /** Writes a file of the person’s. A broken text may be saved: it disables nobody but itself. */
  async save(name: string, text: string, replace: boolean): Promise<RecipeEntry> {
    const said = ((await this.check(text)).placed.value as { name?: unknown } | null)?.name;
    if (said !== name) {
      throw new Problem('invalid_input', `The text is no recipe “${name}”.`, `Let it say “name: ${name}”.`);
    }
    const present = (await this.#own()).find((file) => file.name === name);
    if (present && !replace) {
      throw new Problem(
        'conflict',
        `There is a recipe “${name}” of yours already.`,
        'Take another name, or replace it.',
      );
    }
    await makePrivateFolder(this.#places.own);
    await writePrivateFile(present?.file ?? (await this.#freeFile(name)), text);
    const { text: _, ...entry } = await this.entry(name);
    return entry;
  }

  async remove(name: string): Promise<void> {
    const own = (await this.#own()).find((file) => file.name === name);
    if (own) return rm(own.file);
    await this.entry(name);
    throw new Problem(
      'forbidden',
      `“${name}” comes with Holdfast and stays.`,
      'Save one of your own under its name.',
    );
  }

  /** Every recipe, and all again whenever a file of the person’s changes. */
  watch(signal: AbortSignal): AsyncGenerator<RecipeEntry[], void> {
    return watchSaid(this.#places.own, () => this.list(), signal);
  }

  #own(): Promise<DeclaredFile<RecipeFile>[]> {
    return readDeclared(this.#places.own, 'yours', declares(new Set()));
  }

  async #shown(roles: ReadonlyMap<string, Role>): Promise<Shown[]> {
    const how = declares(new Set(roles.keys()));
    const { own, bundled } = this.#places;
    return shownOf(await readDeclared(own, 'yours', how), await readDeclared(bundled, 'bundled', how));
  }

  async #freeFile(name: string): Promise<string> {
    const file = join(this.#places.own, `${name}.yaml`);
    const taken = await access(file).then(
      () => true,
      () => false,
    );
    if (!taken) return file;
    throw new Problem('conflict', `${file} holds another recipe.`, 'Rename that file, or the recipe in it.');
  }
}

function declares(roles: ReadonlySet<string>) {
  return {
    read: (text: string) => readRecipe(text, roles),
    isName: (text: string) => recipeNameSchema.safeParse(text).success,
  };
}

function found(files: readonly Shown[], name: string): Shown {
  const file = files.find((each) => each.name === name);
  if (file) return file;
  const names = files.map((each) => each.name).join(', ');
  throw new Problem('not_found', `There is no recipe “${name}”.`, `There are ${names}.`);
}

function entryOf({ name, origin, file, hides, read }: Shown, roles: ReadonlyMap<string, Role>): RecipeEntry {
  const { value: recipe, problems } = read;
  const needsModel = recipe?.plan.subtasks.some(({ role }) => roles.get(role)?.scaffold === null) ?? false;
  return { name, origin, file, hides, problems: [...problems], recipe, needsModel };
}
