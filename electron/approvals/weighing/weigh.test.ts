import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { count } from '../../base/test-counts.ts';
import { covers } from '../../capabilities/covering.ts';
import { rule, weighLine } from '../testing/some-rules.ts';
import { weighedCall } from './call-parts.ts';
import type { Asking } from './level.ts';
import type { LiveRule } from './live-rule.ts';
import { compareSpecificity, specificity } from './specificity.ts';
import { weigh } from './weigh.ts';

const verdict = async (line: string, ...rules: LiveRule[]) => (await weighLine(line, rules)).verdict;

describe('the order of rules', () => {
  test('one that denies wins over every other, however specific', async () => {
    const rules = [
      rule('deny exec: git *'),
      rule('allow exec: git push origin main'),
      rule('ask exec: git push *'),
    ];
    expect(await verdict('git push origin main', ...rules)).toBe('deny');
  });

  test('then the more specific, then one that asks', async () => {
    const wide = rule('ask exec: git *');
    expect(await verdict('git status', wide, rule('allow exec: git status *'))).toBe('allow');
    expect(await verdict('git push', wide, rule('allow exec: git status *'))).toBe('ask');
    expect(await verdict('git status', rule('ask exec: git status *'), rule('allow exec: git *'))).toBe(
      'ask',
    );
    expect(await verdict('git status', wide, rule('allow exec: git *'))).toBe('ask');
  });

  test('a rule made with “always” answers the one that it names, and no other', async () => {
    const ask = rule('ask exec: git *');
    const always = rule('allow exec: git *', { overrides: [ask.id] });
    expect(await verdict('git push', ask, always)).toBe('allow');
    expect(await verdict('git push', ask, rule('ask exec: git *'), always)).toBe('ask');
    expect(await verdict('git push', ask, rule('deny exec: git push'), always)).toBe('deny');
  });

  test('rules hold for their agent and their place only', async () => {
    const line = 'git status';
    expect(await verdict(line, rule('allow exec: git *', { agent: 'coder' }))).toBe('allow');
    expect(await verdict(line, rule('allow exec: git *', { agent: 'reviewer' }))).toBe('ask');
    expect(
      await verdict(line, rule('allow exec: git *', { scope: { kind: 'project', folder: '/project' } })),
    ).toBe('allow');
    expect(
      await verdict(line, rule('allow exec: git *', { scope: { kind: 'project', folder: '/proj' } })),
    ).toBe('ask');
    const session = 'ses_01jd0000000000000000000000' as const;
    expect(await verdict(line, rule('allow exec: git *', { scope: { kind: 'session', session } }))).toBe(
      'ask',
    );
  });

  test('it is told in words, and with it why', async () => {
    const [deny, allow] = [rule('deny exec: git push *'), rule('allow exec: git *')];
    const told = await weighLine('git push', [allow, deny]);
    expect(told.words).toBe('denied by the rule “deny exec: git push * (everywhere)”');
    expect(told.order).toEqual([
      { rule: deny, why: 'a rule that denies wins over every other' },
      { rule: allow, why: 'less specific' },
    ]);
  });
});

describe('a line', () => {
  const git = rule('allow exec: git status *');
  test.each([
    ['git status', 'allow'],
    ['git status && git status -s', 'allow'],
    ['git status | tee x', 'ask'],
    ['git status; rm x', 'ask'],
    ['timeout 5 git status', 'allow'],
    ['echo started && git status', 'allow'],
    ['git status > out', 'ask'],
    ['git status > /dev/null 2>&1', 'allow'],
    ['git status $(rm x)', 'ask'],
    ['LD_PRELOAD=x git status', 'ask'],
    ['/tmp/git status', 'ask'],
    ['git', 'ask'],
    ['git status\n', 'allow'],
    ['', 'ask'],
  ] as const)('%j: %s', async (line, expected) => {
    expect(await verdict(line, git)).toBe(expected);
  });

  test('redirections are rights of files', async () => {
    const write = rule('allow file_write: /project/out/*');
    expect(await verdict('git status > out/log', git, write)).toBe('allow');
    expect(await verdict('git status > log', git, write)).toBe('ask');
    expect(await verdict('git status > out/../log', git, write)).toBe('ask');
    expect(await verdict('git status > out/log', git, rule('deny file_write: *'))).toBe('deny');
  });

  test('what makes a program do more is allowed only where a rule spells all of it out', async () => {
    const line = 'git -c core.pager=cat log';
    expect(await verdict(line, rule('allow exec: git *'))).toBe('ask');
    expect(await verdict(line, rule('allow exec: git -c core.pager=cat log'))).toBe('allow');
    expect(await verdict('sudo ls', rule('allow exec: sudo *'), rule('allow exec: ls *'))).toBe('ask');
    expect(await verdict('sudo ls', rule('allow exec: sudo ls'))).toBe('allow');
    expect(await verdict('find . -exec rm {} +', rule('allow exec: find *'))).toBe('ask');
    expect(await verdict('xargs find', rule('allow exec: find *'))).toBe('ask');
    expect(await verdict('xargs cat', rule('allow exec: cat *'))).toBe('allow');
  });

  test('who may use the tool at all may run what cannot be told, unless it could be what another rule refuses', async () => {
    const all = rule('allow tool: exec');
    expect(await verdict('ls $x', all)).toBe('allow');
    expect(await verdict('ls $x', all, rule('deny exec: rm *'))).toBe('allow');
    expect(await verdict('$x y', all, rule('deny exec: rm *'))).toBe('ask');
    expect(await verdict('echo | xargs rm', all, rule('deny exec: rm -rf *'))).toBe('ask');
    expect(await verdict('sudo rm x', all, rule('deny exec: rm *'))).toBe('deny');
    expect(await verdict('/bin/rm x', all, rule('deny exec: rm *'))).toBe('deny');
    expect(await verdict('echo $(rm x)', all, rule('deny exec: rm *'))).toBe('deny');
  });
});

describe('a level', () => {
  const asking = (part: Partial<Asking>): Asking => ({
    level: 'boundaries',
    crossings: [],
    action: false,
    surface: 'sandbox',
    ...part,
  });
  const facts = { tool: 'http_request', agent: 'coder', session: null, folder: '/project', input: {} };
  const at = async (
    part: Partial<Asking>,
    intents: Parameters<typeof weighedCall>[0]['intents'],
    ...rules: LiveRule[]
  ) => weigh(await weighedCall({ ...facts, intents }), asking(part), rules, 0);
  const write = [{ kind: 'write', path: '/project/a' }] as const;
  const post = [
    { kind: 'network', host: 'example.org', port: 443 },
    { kind: 'action', what: 'post' },
  ] as const;
  const crossings = [{ kind: 'write', words: 'writes in your folder' }] as const;

  test('asks for everything with an effect, at boundaries, for actions only, or for nothing', async () => {
    expect((await at({ level: 'everything' }, write)).verdict).toBe('ask');
    expect((await at({ level: 'everything' }, [{ kind: 'read', path: '/project/a' }])).verdict).toBe('allow');
    expect((await at({ level: 'everything', surface: 'none' }, [])).verdict).toBe('allow');
    expect((await at({}, write)).verdict).toBe('allow');
    expect((await at({ crossings }, write)).words).toBe('it is asked because it writes in your folder');
    expect((await at({ level: 'actions', crossings }, write)).verdict).toBe('allow');
    expect((await at({ level: 'never', crossings }, write)).verdict).toBe('ask');
    const disposable = crossings.map((crossing) => ({ ...crossing, disposable: true }));
    expect((await at({ level: 'never', crossings: disposable }, write)).verdict).toBe('allow');
  });

  test('an action asks at every level unless a rule says otherwise, about all of it', async () => {
    for (const level of ['everything', 'boundaries', 'actions', 'never'] as const) {
      expect((await at({ level, action: true }, post)).verdict).toBe('ask');
      const host = rule('allow network: example.org');
      expect((await at({ level, action: true }, post, host)).verdict).toBe('ask');
      const both = rule('allow http_request with network: example.org:443');
      expect((await at({ level, action: true }, post, both)).verdict).toBe('allow');
    }
    const elsewhere = rule('allow http_request with network: example.com');
    expect((await at({ action: true }, post, elsewhere)).verdict).toBe('ask');
  });

  test('what is declared to ask does so, and a person’s rule answers it', async () => {
    const declared = [{ kind: 'declared', words: 'is declared to ask' }] as const;
    const harmless = [{ kind: 'shell', line: 'echo hi', cwd: null, writes: false }] as const;
    expect((await at({ crossings: declared }, harmless)).verdict).toBe('ask');
    expect((await at({ crossings: declared, level: 'actions' }, harmless)).verdict).toBe('ask');
    expect((await at({ crossings: declared }, harmless, rule('allow exec: echo *'))).verdict).toBe('allow');
  });

  test('a crossing that no part explains is every part’s', async () => {
    const spawn = [{ kind: 'spawn', words: 'starts an agent' }] as const;
    const host = [{ kind: 'host', words: 'reaches example.org' }] as const;
    const line = (text: string) => [{ kind: 'shell', line: text, cwd: null, writes: true }] as const;
    expect((await at({ crossings: host }, line('echo hi'))).verdict).toBe('allow');
    expect((await at({ crossings: host }, line('curl x'))).verdict).toBe('ask');
    expect((await at({ crossings: host }, line('ls'), rule('allow exec: ls *'))).verdict).toBe('allow');
    expect((await at({ crossings: spawn }, [{ kind: 'read', path: '/project/a' }])).verdict).toBe('ask');
  });
});

describe('for any line', () => {
  const allowed = ['git status', 'git status -s', 'ls', 'ls -l src', "grep 'a b' c"];
  const other = ['rm x', 'git push', 'curl example.org', './run', 'ls2'];
  const rules = [rule('allow exec: git status *'), rule('allow exec: ls *'), rule('allow exec: grep *')];
  const compose = (atom: fc.Arbitrary<string>) =>
    fc.letrec<{ line: string }>((tie) => ({
      line: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        atom,
        fc
          .tuple(tie('line'), fc.constantFrom(' | ', ' && ', ' || ', '; ', ' & ', '\n', ' |& '), tie('line'))
          .map((all) => all.join('')),
        tie('line').map((line) => `( ${line} )`),
        tie('line').map((line) => `{ ${line}\n}`),
        tie('line').map((line) => `if ${line}\nthen ${line}\nfi`),
        tie('line').map((line) => `bash -c '${line.replaceAll("'", String.raw`'\''`)}'`),
        atom.map((line) => `timeout 5 ${line}`),
        atom.map((line) => `env -i nice ${line}`),
        tie('line').map(
          (line) => `{ ! ( ${line} )
}`,
        ),
      ),
    })).line;
  const hidden = (line: string) =>
    fc.constantFrom(line, `echo "$( ${line} )"`, `echo \`${line}\``, `cat <(${line})`, `f() { ${line}\n}; f`);

  test('parts that are allowed make lines that are', async () => {
    await fc.assert(
      fc.asyncProperty(compose(fc.constantFrom(...allowed)), async (line) => {
        expect([line, await verdict(line, ...rules)]).toEqual([line, 'allow']);
      }),
      { numRuns: count(200, 10_000), seed: 21 },
    );
  });

  test('no composition with a part that is not allowed is', async () => {
    const mixed = fc.tuple(
      compose(fc.constantFrom(...allowed)),
      compose(fc.constantFrom(...other)).chain(hidden),
      fc.boolean(),
      fc.constantFrom(' | ', ' && ', '; ', '\n', ' & '),
    );
    await fc.assert(
      fc.asyncProperty(mixed, async ([good, bad, first, between]) => {
        const line = first ? `${bad}${between}${good}` : `${good}${between}${bad}`;
        expect([line, await verdict(line, ...rules)]).toEqual([line, 'ask']);
      }),
      { numRuns: count(300, 20_000), seed: 22 },
    );
  });

  test('one that a rule denies makes all of it denied, however it is hidden and whatever else allows it', async () => {
    const all = [...rules, rule('allow tool: exec'), rule('allow exec: rm x'), rule('deny exec: rm *')];
    const denied = fc.tuple(
      compose(fc.constantFrom('rm x', 'rm -rf y')).chain(hidden),
      compose(fc.constantFrom(...allowed, ...other)),
    );
    await fc.assert(
      fc.asyncProperty(denied, async ([bad, line]) => {
        expect(await verdict(`${line}\n${bad}`, ...all)).toBe('deny');
      }),
      { numRuns: count(200, 10_000), seed: 23 },
    );
  });

  test('how it is quoted, spaced, commented and broken over lines changes nothing', async () => {
    const word = (text: string) =>
      fc.constantFrom(
        text,
        `'${text}'`,
        `"${text}"`,
        `\\${text}`,
        `${text[0]}''${text.slice(1)}`,
        `${text[0]}\\\n${text.slice(1)}`,
      );
    const varied = fc
      .constantFrom('git status -s', 'git push origin', 'rm -rf x')
      .chain((line) =>
        fc
          .tuple(
            fc.tuple(...line.split(' ').map(word)),
            fc.constantFrom(' ', '   ', '\t', ' \\\n '),
            fc.constantFrom('', ' ', ' # git push', '\n', ' ;'),
            fc.constantFrom('', ' ', '\n\n', '# rm\n'),
          )
          .map(([words, space, end, begin]) => ({ line, written: `${begin}${words.join(space)}${end}` })),
      );
    const deny = rule('deny exec: rm *');
    await fc.assert(
      fc.asyncProperty(varied, async ({ line, written }) => {
        expect([written, await verdict(written, deny, ...rules)]).toEqual([
          written,
          await verdict(line, deny, ...rules),
        ]);
      }),
      { numRuns: count(300, 10_000), seed: 24 },
    );
  });
});

describe('for any two rules', () => {
  const words = fc.array(fc.constantFrom('git', 'status', 'push', '-s', '*', '"*"'), {
    minLength: 1,
    maxLength: 4,
  });
  const what = words
    .filter(([first]) => first === 'git' || first === '*')
    .map((all) => `exec: ${all.join(' ')}`);
  const argv = fc
    .array(fc.constantFrom('status', 'push', '-s', "'*'"), { maxLength: 3 })
    .map((rest) => ['git', ...rest].join(' '));

  test('the narrower never allows more, and is never less specific', async () => {
    let narrower = 0;
    const usable = what.filter((text) => {
      try {
        return rule(`allow ${text}`) !== undefined;
      } catch {
        return false;
      }
    });
    await fc.assert(
      fc.asyncProperty(usable, usable, argv, async (outer, inner, line) => {
        const [wide, narrow] = [rule(`allow ${outer}`), rule(`allow ${inner}`)];
        if (!covers(wide.what.capability!, narrow.what.capability!)) return;
        narrower++;
        expect(compareSpecificity(specificity(narrow), specificity(wide))).toBeGreaterThanOrEqual(0);
        if ((await verdict(line, narrow)) === 'allow') expect(await verdict(line, wide)).toBe('allow');
      }),
      { numRuns: count(400, 20_000), seed: 5 },
    );
    expect(narrower).toBeGreaterThan(50);
  });
});
