/** What a part needs to itself, or a share of, while it runs. */
export interface PlaceNeeds {
  /** Who serves its model; null: it needs none. */
  readonly provider: string | null;
  /** Files and folders that it may change, beside nobody else. */
  readonly writes: readonly string[];
  /** Versions of folders under review that it works on: beside nobody where it writes, else beside others that read. */
  readonly versions: readonly { readonly of: string; readonly writes: boolean }[];
}

export interface PlaceLimits {
  /** Parts of all runs. */
  readonly parts: number;
  /** Of those: whose models one provider serves. */
  readonly provider: number;
}

/** What keeps a part from beginning: `parts`, `provider:NAME`, `folder:PATH` or `version:NAME`. */
export type Obstacle = string;

/** The places that parts of all runs share. Whoever was kept waiting is told when what kept it is free. */
export class Places {
  readonly #limits: () => PlaceLimits;
  readonly #providers = new Map<string, number>();
  readonly #folders = new Map<string, number>();
  readonly #readers = new Map<string, number>();
  readonly #writers = new Map<string, number>();
  readonly #waiting = new Map<Obstacle, Set<Waiting>>();
  #taken = 0;

  constructor(limits: () => PlaceLimits) {
    this.#limits = limits;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Takes them all, or nothing and says what stands in the way. */
  take(needs: PlaceNeeds): Obstacle | null {
    const obstacle = this.#obstacle(needs);
    if (obstacle === null) this.hold(needs);
    return obstacle;
  }

  /** Also where there is none left: what an earlier life had begun goes on. */
  hold({ provider, writes, versions }: PlaceNeeds): void {
    this.#taken++;
    if (provider !== null) this.#providers.set(provider, (this.#providers.get(provider) ?? 0) + 1);
    for (const path of writes) this.#folders.set(path, (this.#folders.get(path) ?? 0) + 1);
    for (const version of versions) {
      const held = this.#heldBy(version);
      held.set(version.of, (held.get(version.of) ?? 0) + 1);
    }
  }

  free({ provider, writes, versions }: PlaceNeeds): void {
    this.#taken--;
    if (provider !== null) lower(this.#providers, provider);
    for (const path of writes) lower(this.#folders, path);
    for (const version of versions) lower(this.#heldBy(version), version.of);
    const free = [
      ...writes.map((path) => `folder:${path}`),
      ...versions.map(({ of }) => `version:${of}`),
      ...(provider === null ? [] : [`provider:${provider}`]),
    ];
    for (const obstacle of [...free, 'parts']) this.#tell(obstacle);
  }

  /** Until the returned function is called; told once. */
  wait(obstacle: Obstacle, waiting: Waiting): () => void {
    const all = this.#waiting.get(obstacle) ?? new Set();
    this.#waiting.set(obstacle, all.add(waiting));
    return () => {
      all.delete(waiting);
      if (all.size === 0 && this.#waiting.get(obstacle) === all) this.#waiting.delete(obstacle);
    };
  }

  #heldBy({ writes }: { writes: boolean }): Map<string, number> {
    return writes ? this.#writers : this.#readers;
  }

  #obstacle({ provider, writes, versions }: PlaceNeeds): Obstacle | null {
    const limits = this.#limits();
    if (this.#taken >= limits.parts) return 'parts';
    if (provider !== null && (this.#providers.get(provider) ?? 0) >= limits.provider) {
      return `provider:${provider}`;
    }
    for (const path of writes) {
      for (const held of this.#folders.keys()) if (clash(path, held)) return `folder:${held}`;
    }
    for (const { of, writes: alone } of versions) {
      if (this.#writers.has(of) || (alone && this.#readers.has(of))) return `version:${of}`;
    }
    return null;
  }

  /** Runs of a higher priority first, then the oldest. */
  #tell(obstacle: Obstacle): void {
    const all = this.#waiting.get(obstacle);
    if (!all) return;
    this.#waiting.delete(obstacle);
    for (const { free } of [...all].toSorted((a, b) => b.priority - a.priority || a.age - b.age))
      free(obstacle);
  }
}

export interface Waiting {
  readonly priority: number;
  readonly age: number;
  readonly free: (obstacle: Obstacle) => void;
}

function lower(counts: Map<string, number>, key: string): void {
  const left = (counts.get(key) ?? 0) - 1;
  if (left > 0) counts.set(key, left);
  else counts.delete(key);
}

/** Whether one holds the other. */
function clash(a: string, b: string): boolean {
  return (
    a === b || a.startsWith(b.endsWith('/') ? b : `${b}/`) || b.startsWith(a.endsWith('/') ? a : `${a}/`)
  );
}
