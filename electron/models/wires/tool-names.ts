import { createHash } from 'node:crypto';

/** What every provider takes. */
const fit = /^[A-Za-z0-9_-]{1,64}$/;

function fitting(name: string): string {
  if (fit.test(name)) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 55)}_${hash}`;
}

/** Names of tools as providers take them, and back again. */
export class ToolNames {
  readonly #own = new Map<string, string>();

  constructor(names: Iterable<string>) {
    for (const name of names) this.#own.set(fitting(name), name);
  }

  told(name: string): string {
    return fitting(name);
  }

  /** A name that was never told is given back as it is: a model made it up. */
  own(told: string): string {
    return this.#own.get(told) ?? told.slice(0, 200);
  }
}
