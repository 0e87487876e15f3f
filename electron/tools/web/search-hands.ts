import { canonicalHost } from '../../../shared/capability/host-pattern.ts';
import { Problem } from '../../../shared/problem.ts';
import type { EgressGate } from '../../sandbox/egress.ts';
import { openEgress } from '../../sandbox/open-egress.ts';
import type { SearchHands } from '../hands.ts';
import type { SearchRight } from '../hand-makers.ts';
import { webHands } from '../web-hands.ts';
import { pagesOf, searchEngine, type SearchEngine, type SearchNeeds } from './search-engine.ts';

const most = 2_000_000;
const patience = 20_000;

/** Asks the engine that the person set up, and nobody else: no redirect is followed. */
export function searchHands(needs: SearchNeeds, right: SearchRight): SearchHands {
  return {
    async find(query, count, signal) {
      const engine = searchEngine(needs);
      const web = webHands(openEgress(new EngineGate(engine, right)));
      const headers = { accept: 'application/json', 'user-agent': 'Holdfast', ...engine.headers };
      const url = engine.address(query, count);
      const asked = { url, method: 'GET', headers, body: null, most, timeoutMs: patience };
      const answer = await web.request(asked, signal);
      return { engine: engine.title, pages: pagesOf(engine, answer, count) };
    },
  };
}

/** The way to one engine. Where the person wrote its address, it may lie inside of their own network. */
class EngineGate implements EgressGate {
  readonly #engine: SearchEngine;
  readonly #right: SearchRight;

  constructor(engine: SearchEngine, right: SearchRight) {
    this.#engine = engine;
    this.#right = right;
  }

  async allow(host: string): Promise<void> {
    if (canonicalHost(host) !== canonicalHost(this.#engine.base.hostname)) {
      throw new Problem('forbidden', `“${host}” is not the engine that searches the web.`);
    }
    await this.#right.authorize();
  }

  allowsAddress(): boolean {
    return this.#engine.private;
  }

  told(happened: Parameters<EgressGate['told']>[0]): void {
    this.#right.told(happened);
  }

  whenEnded(): void {
    // Each search has a way of its own, which ends with it.
  }
}
