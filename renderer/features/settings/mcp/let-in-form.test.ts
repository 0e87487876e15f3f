import { expect, test } from 'vitest';
import { usualMcpTools } from '../../../../shared/mcp-tools.ts';
import { emptyLetIn, readLetIn } from './let-in-form.ts';
import { rightsWords } from './program-words.ts';

const now = new Date('2026-01-01T00:00:00.000Z');
const form = { ...emptyLetIn, name: ' Editor ' };

test('a name is enough: the usual tools, no folder, no host, no answering for the person', () => {
  const { wish } = readLetIn(form, now);
  expect(wish).toEqual({
    name: 'Editor',
    caller: 'client',
    procedures: [],
    mcp: {
      tools: usualMcpTools,
      agents: null,
      folders: [],
      hosts: [],
      budget: null,
      callsPerMinute: 600,
      callsAtOnce: 64,
    },
    expires: '2027-01-01T00:00:00.000Z',
  });
  expect(wish?.mcp?.tools).not.toContain('answer_approval');
});

test('what is named is what it gets, in the order of the tools', () => {
  const { wish } = readLetIn(
    {
      ...form,
      tools: new Set(['get_run', 'submit_goal'] as const),
      agents: new Set(['coder']),
      folders: [
        { path: ' /home/me/notes ', mode: 'review' },
        { path: '', mode: 'ro' },
      ],
      hosts: 'example.org:443',
      budget: '$2.50',
      period: 'hour',
      lifetime: 'ever',
    },
    now,
  );
  expect(wish).toMatchObject({
    expires: null,
    mcp: {
      tools: ['submit_goal', 'get_run'],
      agents: ['coder'],
      folders: [{ path: '/home/me/notes', mode: 'review' }],
      budget: { micros: 2_500_000, tokens: null, periodSeconds: 3600 },
    },
  });
});

test('what is missing or wrong is said at its field', () => {
  const bad = {
    ...form,
    name: '',
    tools: new Set<never>(),
    agents: new Set<string>(),
    folders: [{ path: 'notes', mode: 'ro' as const }],
    hosts: 'a b/c',
    budget: 'much',
    callsPerMinute: 'many',
    callsAtOnce: '1001',
  };
  const { wish, wrong } = readLetIn(bad, now);
  expect(wish).toBeNull();
  expect(Object.keys(wrong).toSorted()).toEqual([
    'agents',
    'budget',
    'callsAtOnce',
    'callsPerMinute',
    'folders',
    'hosts',
    'name',
    'tools',
  ]);
  expect(wrong.callsAtOnce).toBe('A number from 1 to 1,000.');
  const usual = readLetIn({ ...form, callsPerMinute: ' ', callsAtOnce: ' 8 ' }, now).wish?.mcp;
  expect([usual?.callsPerMinute, usual?.callsAtOnce]).toEqual([undefined, 8]);
});

test('rights are told in words', () => {
  const usual = {
    tools: usualMcpTools,
    agents: null,
    folders: [],
    hosts: [],
    budget: null,
    callsPerMinute: 600,
    callsAtOnce: 64,
  };
  expect(rightsWords(usual)).toEqual([
    'the usual tools',
    'any agent',
    'no folder',
    'no network',
    'no budget of its own',
    '600 calls a minute, 64 at once',
  ]);
  expect(
    rightsWords({
      ...usual,
      tools: ['get_run', 'ask_agent'],
      agents: ['coder'],
      folders: [{ path: '/w', mode: 'ro' }],
      budget: { tokens: null, micros: 2_000_000, periodSeconds: 86_400 },
    }),
  ).toEqual([
    'may see how its runs stand, ask agents',
    'only coder',
    '/w to read',
    'no network',
    '$2.00 every day',
    '600 calls a minute, 64 at once',
  ]);
  expect(rightsWords({ ...usual, tools: [...usualMcpTools, 'answer_approval'] })[0]).toContain(
    'answers for you',
  );
});
