import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Capability } from '../../../shared/capability.ts';
import { readCapability, writeCapability } from '../../../shared/capability/text.ts';
import { count } from '../../base/test-counts.ts';
import { covers } from '../../capabilities/covering.ts';
import { narrowed, rightsOfCeiling } from '../checking/ceiling.ts';
import { fillBraces, keepBraces, wordsIn } from './braces.ts';
import { compile, grant, readTemplate } from './capability-template.ts';
import { checkParams } from './parameters.ts';
import { isPlace, textWithPlaces, wordsAsWritten } from './places.ts';

const runs = { numRuns: count(300, 10_000) };
const never = (message: string) => expect.unreachable(message);
const places = { run: '/runs/r1', workspace: '/home/me', input: () => ({ path: '/runs/r1/in' }) };

/** Texts in which what means something is not rare. */
const adverse = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '{run}',
        '{{run}}',
        '{input.a}',
        '{workspace}',
        '/',
        '..',
        '*',
        '?',
        '[',
        ']',
        ',',
      ),
      fc.constantFrom(
        '/home/me',
        '$folder',
        '"',
        "'",
        '\\',
        ' ',
        '\n',
        ':',
        '@',
        'hfslot0x',
        '{path}',
        '.',
        '\0',
      ),
      fc.constantFrom(
        'a',
        'file_write: /',
        'a.example',
        'https://',
        '#',
        '%2e',
        ';',
        '&&',
        '|',
        '-',
        '\u202E',
      ),
      fc.string({ maxLength: 4 }),
    ),
    { maxLength: 7 },
  )
  .map((parts) => parts.join(''));

test('what a person says stays as it is through a plan, whatever braces are in it', () => {
  fc.assert(
    fc.property(adverse, (text) => {
      expect(textWithPlaces(wordsAsWritten(text), places, never)).toBe(text);
      const everyWord = () => true;
      expect(fillBraces(keepBraces(text, everyWord), everyWord, () => 'a value')).toBe(text);
    }),
    runs,
  );
});

test('a value is put in once: what it says is never looked at again', () => {
  fc.assert(
    fc.property(adverse, (run) => {
      const text = textWithPlaces('<{run}> {{run}} {other} {input.a}', { ...places, run }, never);
      expect(text).toBe(`<${run}> {run} {other} /runs/r1/in`);
    }),
    runs,
  );
  expect(isPlace('input.')).toBe(true);
});

test('a value never becomes grammar: the right is exactly that path, or it is refused', () => {
  const whole = readTemplate({ file_write: { path: null } }, 'capabilities[0]');
  const below = readTemplate('file_read: {path}/*', 'capabilities[1]');
  const within = readTemplate('file_write: /data/{path}.md', 'capabilities[2]');
  fc.assert(
    fc.property(
      fc.oneof(
        adverse,
        adverse.map((text) => `/${text}`),
      ),
      (path) => {
        const valueOf = () => path;
        for (const template of [whole, below, within]) {
          const granted = grant(compile(template), valueOf);
          if (!('capabilities' in granted)) continue;
          expect(granted.capabilities).toHaveLength(1);
          const [right] = granted.capabilities as [Extract<Capability, { path: string }>];
          const said = template === within ? `/data/${path}.md` : path;
          expect(said).not.toMatch(/[*?[\p{Cc}]|\$folder|(^|\/)\.\.(\/|$)/u);
          const plain = `/${said
            .split('/')
            .filter((name) => name !== '' && name !== '.')
            .join('/')}`;
          const expected = template === below ? (plain === '/' ? '*' : `${plain}/*`) : plain;
          expect(right.path).toBe(expected);
          expect(readCapability(writeCapability(right))).toEqual(right);
        }
      },
    ),
    runs,
  );
});

test('a value is one host, one word or one name of a right, or it is refused', () => {
  fc.assert(
    fc.property(adverse, (value) => {
      for (const text of [
        'network: {v}',
        'network: {v}:443',
        'network: {v}.example.org',
        'exec: git log {v}',
        'tool: {v}',
        'spawn_agent: a, {v}',
        'custom: deploy {"to":"{v}"}',
      ]) {
        const granted = grant(compile(readTemplate(text, 'capabilities[0]')), () => value);
        if (!('capabilities' in granted)) continue;
        const [right] = granted.capabilities;
        expect(readCapability(writeCapability(right!))).toEqual(right);
        if (right?.kind === 'network') {
          expect(right.hosts).toHaveLength(1);
          expect(right.hosts[0]?.host).not.toContain('*');
        }
        if (right?.kind === 'exec') {
          expect(right.command).toEqual({ words: ['git', 'log', value], rest: false });
        }
        if (right?.kind === 'spawn_agent') expect(right.names).toEqual([...new Set(['a', value])].toSorted());
      }
    }),
    runs,
  );
});

const path = fc
  .array(fc.constantFrom('home', 'me', 'out', 'data', 'runs', 'r1'), { maxLength: 4 })
  .map((names) => `/${names.join('/')}`);
const hosts = fc.constantFrom(
  'a.example',
  '*.a.example',
  'b.a.example',
  'a.example:443',
  'a.example:1-1000',
  '*',
);

test('no right that is kept lies outside the ceiling', () => {
  const wanted = fc.oneof(
    fc
      .tuple(fc.constantFrom('file_read', 'file_write', 'cargo_run', 'git_commit'), path, fc.boolean())
      .map(([kind, at, all]) => `${kind}: ${all ? `${at}/*` : at}`),
    fc.array(hosts, { minLength: 1, maxLength: 3 }).map((some) => `network: ${some.join(', ')}`),
    fc.constantFrom('web_search', 'file_read: *', 'message: other', 'tool: send_email', 'custom: deploy'),
  );
  const folders = fc.array(fc.record({ path, mode: fc.constantFrom('ro', 'rw', 'review') }), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(wanted, folders, fc.array(hosts, { maxLength: 3 }), (text, given, listed) => {
      const ceiling = rightsOfCeiling({ folders: given, hosts: listed }, '/runs/r1');
      const capability = readCapability(text);
      const { kept, lost } = narrowed(capability, ceiling);
      const held: Capability[] = [
        ...ceiling.read.map((at): Capability => ({ kind: 'file_read', path: at })),
        ...ceiling.write.flatMap((at): Capability[] => [
          { kind: 'file_write', path: at },
          { kind: 'cargo_run', folder: at },
          { kind: 'git_commit', folder: at },
        ]),
        ...ceiling.hosts.map((host): Capability => ({ kind: 'network', hosts: [host] })),
      ];
      for (const right of kept) {
        expect(covers(capability, right)).toBe(true);
        const ones =
          right.kind === 'network'
            ? right.hosts.map((host): Capability => ({ kind: 'network', hosts: [host] }))
            : [right];
        for (const one of ones) {
          const free = one.kind === 'web_search' && listed.includes('*');
          expect(free || held.some((grantOf) => covers(grantOf, one)), writeCapability(one)).toBe(true);
        }
      }
      // What is not had is said, except where everything was asked for.
      const everything = writeCapability(capability).endsWith(': *');
      if (lost === null && !everything && capability.kind !== 'network') expect(kept).toHaveLength(1);
    }),
    runs,
  );
});

test('rows of braces however long are read once each', () => {
  const row = '{'.repeat(400_000);
  const put = (text: string) =>
    fillBraces(
      text,
      (word) => word === 'a',
      () => 'x',
    );
  expect(put(row)).toBe(row);
  expect(put(`${row}{a}}`)).toBe(`${row.slice(1)}{a}`);
  expect(wordsIn(`${row} {b}`)).toEqual(['b']);
});

test('a parameter that is called like something every object has is there only where it was given', () => {
  const parameters = { constructor: { type: 'string', required: false, description: '' } } as const;
  expect(checkParams(parameters, {}).values['constructor']).toBeUndefined();
  expect(checkParams(parameters, { constructor: 'mine' }).values['constructor']).toBe('mine');
});
