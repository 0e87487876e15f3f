import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { type PlaceNeeds, Places } from './places.ts';
import { type Known, type Node, Scheduler } from './scheduler.ts';

const providers = [null, 'one', 'two'] as const;
const folders = ['/w', '/w/a', '/w/a/b', '/x'];

interface Graph {
  readonly nodes: Node[];
  readonly needs: PlaceNeeds[];
  readonly fails: boolean[];
  readonly limits: { parts: number; provider: number };
  readonly most: number;
  /** Which of those that run ends next. */
  readonly ends: number[];
}

const graphs: fc.Arbitrary<Graph> = fc
  .record({
    parts: fc.array(
      fc.record({
        parents: fc.array(fc.nat(), { maxLength: 4 }),
        priority: fc.nat({ max: 3 }),
        seconds: fc.option(fc.nat({ max: 3 })),
        hops: fc.option(fc.nat({ max: 6 }), { freq: 8 }),
        provider: fc.constantFrom(...providers),
        writes: fc.uniqueArray(fc.constantFrom(...folders), { maxLength: 2 }),
        versions: fc.uniqueArray(
          fc.record({ of: fc.constantFrom('run:/a', 'run:/b'), writes: fc.boolean() }),
          { maxLength: 2, selector: ({ of }) => of },
        ),
        fails: fc.boolean().map((fails) => fails),
      }),
      { minLength: 1, maxLength: 30 },
    ),
    failing: fc.boolean(),
    limits: fc.record({ parts: fc.integer({ min: 1, max: 5 }), provider: fc.integer({ min: 1, max: 3 }) }),
    most: fc.integer({ min: 1, max: 6 }),
    ends: fc.array(fc.nat(), { minLength: 8, maxLength: 40 }),
  })
  .map(({ parts, failing, ...rest }) => ({
    nodes: parts.map(({ parents, priority, seconds, hops }, i) => ({
      name: `n${i}`,
      dependsOn: i === 0 ? [] : [...new Set(parents.map((parent) => `n${parent % i}`))],
      priority,
      seconds,
      hops,
    })),
    needs: parts.map(({ provider, writes, versions }) => ({ provider, writes, versions })),
    fails: parts.map(({ fails }, i) => failing && fails && i % 3 === 0),
    ...rest,
  }));

function must(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}

type Entry = { at: number; what: 'started' | 'done' | 'failed' | 'skipped' };

/** Carries a graph out, as an executor does, and keeps its journal; ends where `stop` says so. */
class Life {
  readonly places: Places;
  readonly scheduler: Scheduler;
  readonly running: number[];
  readonly started = new Map<number, number>();
  readonly #graph: Graph;
  readonly #journal: Entry[];
  #turn = 0;

  constructor(graph: Graph, journal: Entry[]) {
    this.#graph = graph;
    this.#journal = journal;
    this.places = new Places(() => graph.limits);
    this.scheduler = new Scheduler(graph.nodes, knownOf(graph, journal));
    this.running = this.scheduler.resumed();
    for (const at of this.running) this.places.hold(graph.needs[at]!);
  }

  begin(): void {
    const { nodes, needs, most } = this.#graph;
    const before = this.running.length;
    const taking = { take: (at: number) => this.places.take(needs[at]!) };
    const { start, refused } = this.scheduler.next(taking, most);
    for (const { at, below } of refused) {
      this.#journal.push({ at, what: 'failed' });
      for (const each of below) this.#journal.push({ at: each, what: 'skipped' });
    }
    for (const at of start) {
      for (const name of nodes[at]!.dependsOn) {
        must(this.scheduler.state(this.scheduler.at(name)) === 'done', `${name} comes first`);
      }
      this.started.set(at, (this.started.get(at) ?? 0) + 1);
      this.#journal.push({ at, what: 'started' });
      this.running.push(at);
    }
    if (before < this.running.length) this.#holdToLimits();
  }

  /** Ends one of those that run; false where none does. */
  end(): boolean {
    const { ends, needs, fails } = this.#graph;
    if (this.running.length === 0) return false;
    const [at] = this.running.splice(ends[this.#turn++ % ends.length]! % this.running.length, 1);
    const how = fails[at!] ? 'failed' : 'done';
    this.#journal.push({ at: at!, what: how });
    for (const obstacle of this.scheduler.parkedAt()) {
      this.places.wait(obstacle, { priority: 0, age: 0, free: (free) => this.scheduler.freed(free) });
    }
    this.places.free(needs[at!]!);
    this.scheduler.finished(at!, how);
    return true;
  }

  final(): string[] {
    return this.#graph.nodes.map((_, at) => this.scheduler.state(at));
  }

  #holdToLimits(): void {
    const { needs, limits, most } = this.#graph;
    must(this.running.length <= Math.min(most, limits.parts), 'too many parts run');
    for (const provider of providers) {
      const its = this.running.filter((at) => provider !== null && needs[at]!.provider === provider);
      must(its.length <= limits.provider, 'too many parts of one provider run');
    }
    const written = this.running.flatMap((at) => needs[at]!.writes.map((path) => ({ at, path })));
    for (const a of written) {
      for (const b of written) {
        must(a.at === b.at || !`${b.path}/`.startsWith(`${a.path}/`), 'two write to one folder');
      }
    }
    const used = this.running.flatMap((at) => needs[at]!.versions.map((version) => ({ at, ...version })));
    for (const a of used.filter(({ writes }) => writes)) {
      must(
        used.every((b) => b.at === a.at || b.of !== a.of),
        'one version is written while others work on it',
      );
    }
  }
}

function knownOf({ nodes }: Graph, journal: readonly Entry[]): Map<string, Known> {
  return new Map(journal.map(({ at, what }) => [nodes[at]!.name, what === 'started' ? 'running' : what]));
}

function carryOut(graph: Graph, journal: Entry[] = []): Life {
  const life = new Life(graph, journal);
  for (life.begin(); life.end(); life.begin());
  return life;
}

test('parents come first, nothing begins twice, limits hold, and all that can be done is done', () => {
  fc.assert(
    fc.property(graphs, (graph) => {
      const life = carryOut(graph);
      expect([...life.started.values()].every((times) => times === 1)).toBe(true);
      expect(life.scheduler.over).toBe(true);
      expect(life.places.taken).toBe(0);
      const depths = graph.nodes.map((_, at) => life.scheduler.depth(at));
      graph.nodes.forEach(({ dependsOn, hops }, at) => {
        const parents = dependsOn.map((name) => life.scheduler.state(life.scheduler.at(name)));
        const tooFar = hops !== null && hops - depths[at]! <= 0;
        const expected = parents.every((state) => state === 'done')
          ? tooFar || graph.fails[at]
            ? 'failed'
            : 'done'
          : 'skipped';
        expect(life.scheduler.state(at)).toBe(expected);
      });
    }),
    { numRuns: count(400, 20_000) },
  );
});

test('a restart at any moment ends as if there had been none, and begins nothing anew that had begun', () => {
  fc.assert(
    fc.property(graphs, fc.nat(), (graph, cut) => {
      const journal: Entry[] = [];
      const whole = carryOut(graph, journal).final();
      const prefix = journal.slice(0, cut % (journal.length + 1));
      const begun = new Set(prefix.filter(({ what }) => what === 'started').map(({ at }) => at));
      const second = carryOut(graph, [...prefix]);
      expect(second.final()).toEqual(whole);
      expect([...second.started.keys()].some((at) => begun.has(at))).toBe(false);
    }),
    { numRuns: count(400, 20_000) },
  );
});

test('once it is cancelled nothing begins, and what had not begun never will', () => {
  fc.assert(
    fc.property(graphs, fc.nat({ max: 20 }), (graph, turns) => {
      const life = new Life(graph, []);
      life.begin();
      for (let i = 0; i < turns && life.end(); i++) life.begin();
      life.scheduler.cancel();
      const { start } = life.scheduler.next({ take: () => null }, 100);
      expect(start).toEqual([]);
      for (const at of life.running) life.scheduler.finished(at, 'cancelled');
      expect(life.scheduler.over).toBe(true);
      expect(life.final().every((state) => !['waiting', 'ready', 'running'].includes(state))).toBe(true);
    }),
    { numRuns: count(200, 10_000) },
  );
});

test('of those that are ready the highest priority comes first, then the shortest, then the order of the plan', () => {
  const node = (name: string, priority: number, seconds: number | null): Node => ({
    name,
    dependsOn: [],
    priority,
    seconds,
    hops: null,
  });
  const nodes = [node('late', 1, null), node('long', 2, 90), node('short', 2, 10), node('also', 2, 10)];
  const scheduler = new Scheduler(nodes);
  const { start } = scheduler.next({ take: () => null }, 10);
  expect(start.map((at) => nodes[at]!.name)).toEqual(['short', 'also', 'long', 'late']);
});
