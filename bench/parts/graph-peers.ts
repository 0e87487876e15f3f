/** What others do with graphs of tasks: installed on first use below .cache, by exact version, without any script of theirs. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(import.meta.dirname, '..', '..', '.cache', 'bench-graph-peers');
const packages = {
  'p-graph': ['p-graph@2.0.0'],
  '@langchain/langgraph': ['@langchain/langgraph@1.0.0', '@langchain/core@1.2.13', 'zod@4.6.7'],
};

/** The parents of each, by their places. */
export type Parents = readonly (readonly number[])[];

export interface GraphPeer {
  readonly name: string;
  /** The most parts that it is asked to carry out: more would take it minutes. */
  readonly most: number;
  /** Carries a graph of no-ops out; resolves with the milliseconds that it took, once it was built. */
  run(parents: Parents): Promise<number>;
}

/** No limits, no journal, nothing to go on from: the least that can be done. */
export const bare: GraphPeer = {
  name: 'bare promises',
  most: Infinity,
  async run(parents) {
    const began = performance.now();
    const ends: Promise<void>[] = [];
    for (const its of parents) ends.push(Promise.all(its.map((at) => ends[at]!)).then(() => undefined));
    await Promise.all(ends);
    return performance.now() - began;
  },
};

/** Those that can be had here; what cannot is told and left out. */
export async function graphPeers(): Promise<GraphPeer[]> {
  const found: GraphPeer[] = [];
  for (const [name, make] of [
    ['p-graph', pGraph],
    ['@langchain/langgraph', langGraph],
  ] as const) {
    const place = join(folder, name.replaceAll('/', '-'));
    if (!install(place, name)) continue;
    const require = createRequire(join(place, 'package.json'));
    try {
      found.push(make(await import(pathToFileURL(require.resolve(name)).href)));
    } catch (failure) {
      console.log(`${name} does not load here, and is left out: ${String(failure).slice(0, 200)}`);
    }
  }
  return found;
}

function install(place: string, name: keyof typeof packages): boolean {
  if (existsSync(join(place, 'node_modules', name))) return true;
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), '{ "private": true }\n');
  const how = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
  // What is named by its version needs no resolving of what others would like to have beside it.
  const args = [...how, '--legacy-peer-deps', ...packages[name]];
  const { status } = spawnSync('npm', args, { cwd: place, stdio: 'ignore', timeout: 120_000 });
  if (status !== 0) console.log(`${name} cannot be installed here, and is left out.`);
  return status === 0;
}

interface PGraphModule {
  PGraph: new (
    nodes: Map<string, { run: () => Promise<void> }>,
    edges: [string, string][],
  ) => { run(options: { concurrency: number }): Promise<void> };
}

function pGraph(loaded: unknown): GraphPeer {
  const { PGraph } = loaded as PGraphModule;
  return {
    name: 'p-graph',
    most: 10_000,
    async run(parents) {
      const nodes = new Map(parents.map((_, i) => [String(i), { run: () => Promise.resolve() }]));
      const edges = parents.flatMap((its, i) => its.map((at): [string, string] => [String(at), String(i)]));
      const graph = new PGraph(nodes, edges);
      const began = performance.now();
      await graph.run({ concurrency: 64 });
      return performance.now() - began;
    },
  };
}

interface LangGraphModule {
  START: string;
  Annotation: { Root(fields: object): unknown };
  StateGraph: new (state: unknown) => {
    addNode(name: string, run: () => object): void;
    addEdge(from: string | string[], to: string): void;
    compile(): { invoke(state: object, options: object): Promise<unknown> };
  };
}

function langGraph(loaded: unknown): GraphPeer {
  const { START, Annotation, StateGraph } = loaded as LangGraphModule;
  return {
    name: '@langchain/langgraph',
    most: 300,
    async run(parents) {
      const graph = new StateGraph(Annotation.Root({}));
      parents.forEach((_, i) => graph.addNode(`n${i}`, () => ({})));
      parents.forEach((its, i) =>
        its.length === 0
          ? graph.addEdge(START, `n${i}`)
          : graph.addEdge(
              its.map((at) => `n${at}`),
              `n${i}`,
            ),
      );
      const compiled = graph.compile();
      const began = performance.now();
      await compiled.invoke({}, { recursionLimit: 100_000 });
      return performance.now() - began;
    },
  };
}
