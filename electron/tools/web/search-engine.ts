import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { Vault } from '../../store/vault.ts';
import type { FoundPage, WebAnswer } from '../hands.ts';

export interface SearchNeeds {
  readonly settings: () => Settings;
  readonly vault: Pick<Vault, 'get'>;
}

/** An engine that searches the web, as the person set it up. */
export interface SearchEngine {
  readonly title: string;
  /** Where it listens; a person names it, so it may be on this machine or in their own network. */
  readonly base: URL;
  readonly private: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly address: (query: string, count: number) => URL;
  readonly pages: (answer: unknown) => readonly FoundPage[];
  /** What helps where it refuses. */
  readonly refused: string;
}

const braveUrl = 'https://api.search.brave.com/';
const most = { title: 300, address: 2000, excerpt: 1000 };
const text = z.string().nullish();
const searxngAnswer = z.object({
  results: z.array(z.object({ title: text, url: z.string(), content: text })),
});
const braveAnswer = z.object({
  web: z
    .object({ results: z.array(z.object({ title: text, url: z.string(), description: text })) })
    .nullish(),
});

/** Whether an engine is set up as far as the settings tell. */
export function searches(settings: Settings): boolean {
  if (settings['search.engine'] === 'searxng') return settings['search.url'] !== null;
  return settings['search.engine'] === 'brave' && settings['search.secret'] !== null;
}

export function searchEngine({ settings, vault }: SearchNeeds): SearchEngine {
  const all = settings();
  const engine = all['search.engine'];
  if (engine === null || !searches(all)) {
    throw new Problem(
      'unavailable',
      'No engine that searches the web is set up.',
      'Set one up in Settings, or with `holdfast configure --search searxng --base-url URL`.',
    );
  }
  const url = all['search.url'];
  const secret = all['search.secret'];
  const key = secret === null ? null : keyOf(secret, vault);
  const base = new URL(url ?? braveUrl);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return engine === 'searxng'
    ? {
        title: 'SearXNG',
        base,
        private: true,
        headers: key === null ? {} : { authorization: `Bearer ${key}` },
        address: (q) => withQuery(new URL('search', base), { q, format: 'json' }),
        pages: (answer) =>
          searxngAnswer.parse(answer).results.map(({ title, url: at, content }) => ({
            title: title ?? '',
            url: at,
            excerpt: content ?? '',
          })),
        refused: 'It answers programs where its settings.yml lists json under search: formats.',
      }
    : {
        title: 'Brave Search',
        base,
        private: url !== null,
        headers: { 'x-subscription-token': key ?? '' },
        address: (q, count) =>
          withQuery(new URL('res/v1/web/search', base), {
            q,
            count: String(count),
            text_decorations: 'false',
          }),
        pages: (answer) =>
          (braveAnswer.parse(answer).web?.results ?? []).map(({ title, url: at, description }) => ({
            title: title ?? '',
            url: at,
            excerpt: description ?? '',
          })),
        refused: `Check the secret ${secret}, the key of the engine.`,
      };
}

/** What an engine answered, bounded, or why it is no answer. */
export function pagesOf(engine: SearchEngine, answer: WebAnswer, count: number): readonly FoundPage[] {
  const { status, headers, body, cut } = answer;
  const at = `${engine.title} at ${engine.base.host}`;
  if (status === 401 || status === 403) {
    throw new Problem('unavailable', `${at} refuses to search (it answered ${status}).`, engine.refused);
  }
  if (status === 429) {
    const seconds = /^\d{1,6}$/.exec(headers['retry-after'] ?? '')?.[0];
    const after =
      seconds === undefined ? 'Search less often, or later.' : `Search again in ${seconds} seconds.`;
    throw new Problem('too_many', `${at} was asked too often.`, after);
  }
  if (status !== 200) throw new Problem('unreachable', `${at} does not search (it answered ${status}).`);
  if (cut) throw new Problem('too_large', `${at} answers more than is read of it.`, 'Ask for less.');
  try {
    const found = engine.pages(JSON.parse(body.toString('utf8')));
    return found.flatMap(bounded).slice(0, count);
  } catch (thrown) {
    throw new Problem('unavailable', `${at} answers something else than what it found.`, engine.refused, {
      cause: thrown,
    });
  }
}

/** What is no address of the web is left out; the rest is plain text of a bounded length. */
function bounded({ title, url, excerpt }: FoundPage): FoundPage[] {
  const at = URL.parse(url);
  if (!at || !/^https?:$/.test(at.protocol) || at.href.length > most.address) return [];
  return [{ title: plain(title, most.title), url: at.href, excerpt: plain(excerpt, most.excerpt) }];
}

const plain = (given: string, longest: number) =>
  given
    .slice(0, 20 * longest)
    .replaceAll(/<\/?[a-z][^<>]{0,200}>/gi, '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, longest)
    .toWellFormed();

function withQuery(url: URL, values: Readonly<Record<string, string>>): URL {
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
  return url;
}

function keyOf(secret: string, vault: Pick<Vault, 'get'>): string {
  const key = vault.get(secret);
  if (key !== undefined) return key;
  throw new Problem(
    'unavailable',
    `The key of the search engine is not there: there is no secret ${secret}.`,
    `Store it with \`holdfast secrets set ${secret}\`.`,
  );
}
