import { Heap } from './heap.ts';
import type { Obstacle } from './places.ts';

/** One part of a graph, as far as its turn follows from it. */
export interface Node {
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly priority: number;
  /** Seconds that it may take; the shorter begins before the longer. */
  readonly seconds: number | null;
  /** Steps from the beginning that it may lie away; null: any. */
  readonly hops: number | null;
}

/** What an earlier life knew of a part. */
export type Known = 'running' | 'again' | 'done' | 'failed' | 'skipped' | 'cancelled';
export type NodeState = 'waiting' | 'ready' | 'running' | 'done' | 'failed' | 'skipped' | 'cancelled';

const states = ['waiting', 'ready', 'running', 'done', 'failed', 'skipped', 'cancelled'] as const;
const code = Object.fromEntries(states.map((state, i) => [state, i])) as Record<NodeState, number>;

export interface Taking {
  /** Takes the places that a part needs, or says what stands in the way. */
  take(index: number): Obstacle | null;
}

export interface Turn {
  readonly start: number[];
  /** They lie further from the beginning than they may; with what can never begin for it. */
  readonly refused: { readonly at: number; readonly below: number[] }[];
  /** No place is left for any part. */
  readonly full: boolean;
}

/**
 * Which parts of a graph may begin now. Values in, values out: it waits for nothing. Each part costs the logarithm of
 * how many are ready, and each dependency one step.
 */
export class Scheduler {
  readonly nodes: readonly Node[];
  readonly #index = new Map<string, number>();
  readonly #children: number[][];
  readonly #open: Int32Array;
  readonly #state: Uint8Array;
  readonly #depth: Int32Array;
  readonly #counts = new Map<NodeState, number>();
  readonly #ready: Heap;
  readonly #parked = new Map<Obstacle, Heap>();
  /** Those tried again, by what had kept them back. */
  readonly #promoted = new Map<number, Obstacle>();
  readonly #resumed: number[] = [];
  #halted = false;

  constructor(nodes: readonly Node[], known: ReadonlyMap<string, Known> = new Map()) {
    this.nodes = nodes;
    nodes.forEach(({ name }, i) => this.#index.set(name, i));
    this.#children = nodes.map(() => []);
    this.#open = new Int32Array(nodes.length);
    this.#state = new Uint8Array(nodes.length);
    this.#depth = new Int32Array(nodes.length);
    this.#ready = new Heap((a, b) => this.#before(a, b));
    nodes.forEach(({ dependsOn }, i) => {
      for (const name of new Set(dependsOn)) {
        this.#children[this.at(name)]!.push(i);
        this.#open[i]!++;
      }
    });
    this.#measure();
    this.#counts.set('waiting', nodes.length);
    for (const [name, state] of known) this.#take(name, state);
    nodes.forEach((_, i) => this.#look(i));
  }

  at(name: string): number {
    const at = this.#index.get(name);
    if (at === undefined) throw new Error(`there is no part ${name}`);
    return at;
  }

  has(name: string): boolean {
    return this.#index.has(name);
  }

  state(index: number): NodeState {
    return states[this.#state[index]!]!;
  }

  depth(index: number): number {
    return this.#depth[index]!;
  }

  count(state: NodeState): number {
    return this.#counts.get(state) ?? 0;
  }

  /** Nothing runs, and nothing will. */
  get over(): boolean {
    return this.count('running') === 0 && (this.#halted || this.count('ready') === 0);
  }

  /** Begins nothing more; what runs may end. */
  halt(): void {
    this.#halted = true;
  }

  /** What an earlier life had begun, to be gone on with; it needs places, which it has by right. */
  resumed(): number[] {
    return this.#resumed.splice(0);
  }

  /** The parts to begin now, in their order: each of them is running from here on. */
  next(taking: Taking, most: number): Turn {
    const start: number[] = [];
    const refused: Turn['refused'] = [];
    let full = false;
    while (!this.#halted && this.count('running') < most) {
      const at = this.#ready.pop();
      if (at === undefined) break;
      if (this.state(at) !== 'ready') continue;
      if (this.#tooFar(at)) {
        this.#set(at, 'failed');
        refused.push({ at, below: this.#skipBelow(at) });
        continue;
      }
      const obstacle = taking.take(at);
      if (obstacle === 'parts') {
        this.#ready.push(at);
        full = true;
        break;
      }
      const before = this.#promoted.get(at);
      this.#promoted.delete(at);
      if (obstacle === null) {
        this.#set(at, 'running');
        start.push(at);
      } else {
        this.#park(at, obstacle);
      }
      // What was free for it may be free for the next one, too.
      if (before !== undefined && before !== obstacle) this.freed(before);
    }
    return { start, refused, full };
  }

  /** What kept parts back is free: the first of them is tried again. Whoever calls asks for `next`. */
  freed(obstacle: Obstacle): void {
    const heap = this.#parked.get(obstacle);
    for (let at = heap?.pop(); at !== undefined; at = heap?.pop()) {
      if (heap?.size === 0) this.#parked.delete(obstacle);
      if (this.state(at) !== 'ready') continue;
      this.#promoted.set(at, obstacle);
      this.#ready.push(at);
      return;
    }
    this.#parked.delete(obstacle);
  }

  /** What keeps parts back. */
  parkedAt(): Obstacle[] {
    return [...this.#parked.keys()];
  }

  /** A part that ran is over; names those that it keeps from ever beginning. */
  finished(index: number, how: 'done' | 'failed' | 'cancelled'): number[] {
    if (this.state(index) !== 'running') throw new Error(`${this.nodes[index]!.name} does not run`);
    this.#set(index, how);
    if (how === 'done') {
      for (const child of this.#children[index]!) {
        this.#open[child]!--;
        this.#look(child);
      }
      return [];
    }
    return this.#skipBelow(index);
  }

  /** It is tried once more, as soon as it may. */
  again(index: number): void {
    if (this.state(index) !== 'running') throw new Error(`${this.nodes[index]!.name} does not run`);
    this.#set(index, 'ready');
    this.#ready.push(index);
  }

  /** Parts that failed may begin once more, and with them what was left out for no other part. */
  revive(indexes: readonly number[]): void {
    const failed = indexes.filter((at) => this.state(at) === 'failed');
    for (const at of failed) {
      this.#set(at, 'ready');
      this.#ready.push(at);
    }
    this.nodes.forEach((_, i) => this.state(i) === 'skipped' && this.#set(i, 'waiting'));
    this.nodes.forEach((_, i) => {
      if (this.state(i) === 'failed' || this.state(i) === 'cancelled') this.#skipBelow(i);
    });
    if (this.count('failed') === 0) this.#halted = false;
  }

  /** Nothing more begins, and what has not begun is cancelled. */
  cancel(): void {
    this.#halted = true;
    this.nodes.forEach((_, i) => {
      if (this.state(i) === 'waiting' || this.state(i) === 'ready') this.#set(i, 'cancelled');
    });
  }

  #take(name: string, state: Known): void {
    const at = this.#index.get(name);
    if (at === undefined) return;
    if (state === 'again') return;
    this.#set(at, state);
    if (state === 'running') this.#resumed.push(at);
    if (state === 'done') for (const child of this.#children[at]!) this.#open[child]!--;
    if (state === 'failed' || state === 'cancelled') this.#skipBelow(at);
  }

  /** Whether it lies further from the beginning than it may. */
  #tooFar(index: number): boolean {
    const { hops } = this.nodes[index]!;
    return hops !== null && hops - this.#depth[index]! <= 0;
  }

  #look(at: number): void {
    if (this.state(at) !== 'waiting' || this.#open[at] !== 0) return;
    this.#set(at, 'ready');
    this.#ready.push(at);
  }

  #skipBelow(index: number): number[] {
    const skipped: number[] = [];
    const stack = [...this.#children[index]!];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (this.state(at) !== 'waiting') continue;
      this.#set(at, 'skipped');
      skipped.push(at);
      for (const child of this.#children[at]!) stack.push(child);
    }
    return skipped;
  }

  #park(at: number, obstacle: Obstacle): void {
    let heap = this.#parked.get(obstacle);
    if (!heap) this.#parked.set(obstacle, (heap = new Heap((a, b) => this.#before(a, b))));
    heap.push(at);
  }

  #set(at: number, state: NodeState): void {
    const before = this.state(at);
    this.#counts.set(before, this.count(before) - 1);
    this.#counts.set(state, this.count(state) + 1);
    this.#state[at] = code[state];
  }

  #before(a: number, b: number): boolean {
    const [one, other] = [this.nodes[a]!, this.nodes[b]!];
    if (one.priority !== other.priority) return one.priority > other.priority;
    const [soon, late] = [one.seconds ?? Infinity, other.seconds ?? Infinity];
    return soon === late ? a < b : soon < late;
  }

  /** How far each lies from the beginning at most; a plan with a circle was refused before. */
  #measure(): void {
    const open = Int32Array.from(this.#open);
    const stack: number[] = [];
    open.forEach((count, i) => count === 0 && stack.push(i));
    let seen = 0;
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      seen++;
      for (const child of this.#children[at]!) {
        this.#depth[child] = Math.max(this.#depth[child]!, this.#depth[at]! + 1);
        if (--open[child]! === 0) stack.push(child);
      }
    }
    if (seen < this.nodes.length) throw new Error('the graph has a circle');
  }
}
