import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Limits } from '../../shared/capability.ts';
import { readCapability } from '../../shared/capability/text.ts';
import { count } from '../base/test-counts.ts';
import { type Act, connection } from './act.ts';
import type { IssuedToken } from './capability-tokens.ts';
import { somewhere } from './testing/some-capabilities.ts';
import { operator, someTokens } from './testing/some-tokens.ts';

const limit = (max: number) => fc.option(fc.integer({ min: 1, max }), { freq: 3 });
const expires = fc.option(
  fc.integer({ min: 1, max: 9 }).map((minute) => `2026-01-01T00:0${minute}:00.000Z`),
  { freq: 3 },
);
const limits: fc.Arbitrary<Limits> = fc.record({ uses: limit(8), perMinute: limit(3), expires });

/** Rights of one kind, the widest first, and what they are about. */
const families: { texts: string[]; acts: Act[] }[] = [
  {
    texts: ['file_read: *', 'file_read: /d/*', 'file_read: /d', 'file_read: /d/e/*', 'file_read: /d-foo/*'],
    acts: ['/', '/d', '/d/e', '/d/e/f', '/d-foo', '/d-foo/x'].map((path) => ({
      kind: 'file_read',
      path: somewhere(path),
    })),
  },
  {
    texts: [
      'network: *',
      'network: *.x.org',
      'network: *:1-3',
      'network: a.x.org:2, b.x.org',
      'network: a.x.org:2',
    ],
    acts: [1, 2, 3, 4].flatMap((port) =>
      ['x.org', 'a.x.org', 'b.x.org'].map((host) => connection(host, port)),
    ),
  },
  {
    texts: ['exec: *', 'exec: git *', 'exec: git * *', 'exec: git log', 'exec: git * b', 'exec: git log *'],
    acts: [[], ['log'], ['push'], ['log', 'b'], ['push', 'b', 'c']].map((args) => ({
      kind: 'exec',
      argv: ['git', ...args],
    })),
  },
  {
    texts: ['message: *', 'message: a, b', 'message: b, c', 'message: b', 'message: a, b, c'],
    acts: ['a', 'b', 'c', 'd'].map((name) => ({ kind: 'message', name })),
  },
];
const link = fc.record({ from: fc.nat(), capability: fc.nat(), limits });

/** Over random chains and trees of narrowing: whoever may do something, everybody above may do it too. */
test('narrowing never widens: neither what is permitted, nor how often, nor how long', async () => {
  let met = 0;
  let narrowedTwice = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...families),
      limits,
      fc.array(link, { minLength: 6, maxLength: 16 }),
      fc.array(fc.record({ who: fc.nat(), pick: fc.nat(), pause: fc.nat({ max: 40_000 }) }), {
        minLength: 30,
        maxLength: 60,
      }),
      async ({ texts, acts }, first, links, uses) => {
        const capabilities = texts.map((text) => readCapability(text));
        const { clock, tokens } = someTokens();
        const root = await tokens.issue(
          { agent: 'a0', capability: capabilities[0]!, limits: first },
          operator,
        );
        const chain: { token: IssuedToken; above: number[]; used: number[] }[] = [
          { token: root, above: [], used: [] },
        ];
        for (const { from, capability, limits: wished } of links) {
          const parent = from % chain.length;
          const wish = {
            agent: `a${chain.length}`,
            capability: capabilities[capability % capabilities.length]!,
            limits: wished,
          };
          const narrowed = await tokens
            .narrow(chain[parent]!.token, wish, operator)
            .catch((thrown: unknown) => {
              expect(thrown).toMatchObject({ name: 'Problem' });
            });
          if (narrowed) {
            const [tight, wide] = [narrowed.limits, chain[parent]!.token.limits];
            expect(tight.uses ?? Infinity).toBeLessThanOrEqual(wide.uses ?? Infinity);
            expect(tight.perMinute ?? Infinity).toBeLessThanOrEqual(wide.perMinute ?? Infinity);
            chain.push({ token: narrowed, above: [parent, ...chain[parent]!.above], used: [] });
          }
        }
        narrowedTwice += chain.filter(({ above }) => above.length > 1).length;
        for (const { who, pick, pause } of uses) {
          const { token, above } = chain[who % chain.length]!;
          const possible = acts.filter((one) => tokens.refusal(token, one) === null);
          const act = possible[pick % possible.length];
          if (act) {
            const upwards = [token, ...above.map((one) => chain[one]!.token)];
            expect(upwards.map((one) => tokens.refusal(one, act))).toEqual(upwards.map(() => null));
            await tokens.authorize(token, act);
            const now = clock.now().getTime();
            for (const one of [who % chain.length, ...above]) chain[one]!.used.push(now);
            met++;
          }
          clock.advance(pause % 3 === 0 ? 0 : pause);
        }
        for (const { token, used } of chain) {
          const { uses: most, perMinute, expires: end } = token.limits;
          expect(used.length).toBeLessThanOrEqual(most ?? Infinity);
          expect(used.at(-1) ?? 0).toBeLessThan(end === null ? Infinity : Date.parse(end));
          for (const [i, time] of used.entries()) {
            if (perMinute !== null)
              expect((used[i + perMinute] ?? Infinity) - time).toBeGreaterThanOrEqual(60_000);
          }
        }
      },
    ),
    { numRuns: count(200, 20_000) },
  );
  expect(Math.min(met, narrowedTwice), `${met} uses, ${narrowedTwice} tokens`).toBeGreaterThan(500);
});
