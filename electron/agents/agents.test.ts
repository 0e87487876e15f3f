import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Agents } from './agents.ts';
import { capabilitiesOf } from './capabilities-of.ts';

const bundled = fileURLToPath(new URL('../../resources/agents/', import.meta.url));

function someAgents(files: Record<string, string> = {}, shipped = bundled) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-agents-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const own = join(folder, 'agents');
  mkdirSync(own);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(own, name), text);
  return { own, agents: new Agents({ bundled: shipped, own }) };
}

test('every bundled agent is without a problem, and says what it is for', async () => {
  const list = await someAgents().agents.list();
  const without = ['classifier', 'planner'];
  expect(list.map(({ name }) => name).toSorted()).toEqual(
    [...without, 'coder', 'generalist', 'researcher', 'reviewer'].toSorted(),
  );
  for (const { name, problems, agent, rights } of list) {
    expect(problems).toEqual([]);
    expect(agent?.description.length).toBeGreaterThan(20);
    if (without.includes(name)) expect(rights).toEqual([]);
    else expect(rights.at(-1)).toMatch(/^call the tools file_read, /);
  }
});

test('a mistake is told with its line, column and field, and disables nobody else', async () => {
  const { agents } = someAgents({
    'one.yaml': 'name: one\ntools:\n  - file_read\nmemory:\n  contxt: 3\n',
    'two.yaml':
      'name: two\ncapabilities:\n  - file_read: relative\n  - "file_read: /a*b"\nnetwork: [example.org:99999]\n',
    'three.yaml': 'name: three\ntools: [x\n',
    'four.yaml': 'name: four\ntemperature: hot\n',
    'five.yaml': 'name: five\n',
  });
  const list = await agents.list();
  const problems = Object.fromEntries(list.map((entry) => [entry.name, entry.problems]));
  expect(problems['one']).toEqual([expect.objectContaining({ line: 5, column: 3, field: 'memory.contxt' })]);
  expect(problems['two']?.map(({ line, column, field }) => [line, column, field])).toEqual([
    [3, 5, 'capabilities[0]'],
    [4, 5, 'capabilities[1]'],
    [5, 11, 'network[0]'],
  ]);
  expect(problems['three']?.[0]?.message).toContain('must be sufficiently indented and end with a ]');
  expect(problems['four']?.[0]).toEqual(
    expect.objectContaining({ line: 2, field: 'temperature', message: 'It must be a number.' }),
  );
  expect(problems['five']).toEqual([]);
  expect(await agents.get('five')).toEqual(expect.objectContaining({ name: 'five', capabilities: [] }));
  await expect(agents.get('four')).rejects.toThrow('line 2, column 1, temperature');
  await expect(agents.get('six')).rejects.toThrow('There is no agent “six”.');
});

test('an agent extends another: fields replace, maps join, and “...” stands for what was there', async () => {
  const { agents } = someAgents({
    'base.yaml':
      'name: base\ntools: [echo, grep]\nsystem_prompt: Be kind.\nlimits: { iterations: 7, depth: 1 }\nnetwork: [a.example]\n',
    'child.yaml':
      'name: child\nextends: base\ntools: [..., exec]\nsystem_prompt: |\n  ...\n  Be brief.\nlimits: { depth: 2 }\nnetwork: [b.example]\n',
  });
  const child = await agents.get('child');
  expect(child.capabilities).toEqual(['tool: echo', 'tool: grep', 'tool: exec']);
  expect(child.systemPrompt).toBe('Be kind.\nBe brief.\n');
  expect(child.limits).toEqual(expect.objectContaining({ iterations: 7, depth: 2 }));
  expect(child.network).toEqual(['b.example']);
});

test('one of the person’s may extend the bundled one that it stands in for; circles are refused', async () => {
  const { agents } = someAgents({
    'coder.yaml': 'name: coder\nextends: coder\napprovals: everything\n',
    'a.yaml': 'name: a\nextends: b\n',
    'b.yaml': 'name: b\nextends: a\n',
    'c.yaml': 'name: c\nextends: nobody\n',
  });
  const coder = await agents.entry('coder');
  expect(coder).toEqual(expect.objectContaining({ origin: 'yours', hides: true }));
  expect(coder.agent).toEqual(expect.objectContaining({ approvals: 'everything' }));
  expect(coder.agent?.capabilities).toContain('tool: git_commit');
  expect((await agents.entry('a')).problems[0]).toEqual(
    expect.objectContaining({ line: 2, message: 'It extends itself, by way of “a”.' }),
  );
  expect((await agents.entry('c')).problems[0]?.message).toBe('There is no agent “nobody” to extend.');
});

test('rights that name $folder are had for each folder, and writing only where it is not read-only', async () => {
  const { agents } = someAgents({
    'x.yaml': 'name: x\ncapabilities:\n  - file_read: $folder/*\n  - file_write: $folder/out/*\n',
  });
  const folders = [
    { path: '/home/me/one', mode: 'ro' },
    { path: '/home/me/two', mode: 'review' },
  ] as const;
  expect(capabilitiesOf(await agents.get('x'), folders)).toEqual([
    { kind: 'file_read', path: '/home/me/one/*' },
    { kind: 'file_read', path: '/home/me/two/*' },
    { kind: 'file_write', path: '/home/me/two/out/*' },
  ]);
});

test('saving keeps comments, refuses a text that was changed meanwhile, and is seen by whoever watches', async () => {
  const { agents, own } = someAgents({ 'mine.yaml': '# my own\nname: mine # kept\ntools: [echo]\n' });
  const life = new AbortController();
  onTestFinished(() => life.abort());
  const watching = agents.watch(life.signal);
  await watching.next();
  const { text, hash } = await agents.entry('mine');
  const composed = await agents.compose(text, {
    'limits.iterations': 9,
    tools: null,
    system_prompt: 'One.\nTwo.\n',
  });
  expect(composed.text).toBe(
    '# my own\nname: mine # kept\nlimits:\n  iterations: 9\nsystem_prompt: |\n  One.\n  Two.\n',
  );
  expect(composed.agent?.limits.iterations).toBe(9);
  const seen = watching.next();
  await agents.save('mine', composed.text, hash);
  const { value } = await seen;
  expect(value?.map(({ name }: { name: string }) => name)).toContain('mine');
  await expect(agents.save('mine', text, hash)).rejects.toThrow('was changed meanwhile');
  await expect(agents.save('other', 'name: mine\n', null)).rejects.toThrow('does not declare “other”');
  await agents.save('other', 'name: other\nnonsense: 1\n', null);
  expect(readdirSync(own).toSorted()).toEqual(['mine.yaml', 'other.yaml']);
  expect((await agents.entry('other')).problems).toHaveLength(1);
  await agents.remove('other', (await agents.entry('other')).hash);
  await expect(agents.remove('coder', (await agents.entry('coder')).hash)).rejects.toThrow(
    'comes with Holdfast',
  );
});

test('what is no declaration at all is a problem of that file alone', async () => {
  const { agents, own } = someAgents({
    'list.yaml': '- 1\n',
    'empty.yaml': '',
    'twice.yaml': 'name: list\n',
  });
  writeFileSync(join(own, 'bytes.yaml'), Buffer.from([0x6e, 0xff, 0xfe]));
  mkdirSync(join(own, 'folder.yaml'));
  writeFileSync(
    join(own, 'bomb.yaml'),
    `a: &a [x]\n${'b: [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n'.repeat(1)}c: [${'*a,'.repeat(200)}*a]\n`,
  );
  const problems = Object.fromEntries(
    (await agents.list()).map((entry) => [entry.name, entry.problems[0]?.message]),
  );
  expect(problems['empty']).toContain('It declares nothing');
  expect(problems['bytes']).toContain('UTF-8');
  expect(problems['folder']).toBe('It is no file.');
  expect(problems['bomb']).toBeDefined();
  expect(problems['list']).toBeDefined();
});

test('what would take long to read is refused before it does, in a file as in a call', async () => {
  const fields = (many: number) => Array.from({ length: many }, (_, i) => `k${i}: 1\n`).join('');
  const { agents } = someAgents({
    'most.yaml': `name: most\n${fields(9000)}`,
    'more.yaml': `name: more\n${fields(20_000)}`,
    'deep.yaml': `name: deep\nmetadata: ${'['.repeat(50_000)}`,
    'talkative.yaml': `name: talkative\nsystem_prompt: "${'Why? '.repeat(3000)}"\n`,
  });
  const list = await agents.list();
  const told = Object.fromEntries(list.map(({ name, problems }) => [name, problems[0]?.message]));
  expect(told).toMatchObject({
    most: 'It has more than 2,000 fields.',
    more: 'It has more than 2,000 fields.',
    deep: 'Maximum call stack size exceeded.',
    talkative: undefined,
  });
  const metadata = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`k${i}`, i]));
  await expect(agents.fromValue({ name: 'many', metadata })).rejects.toThrow(/2,000 fields/);
  await expect(agents.fromValue({ name: 'long', metadata: { a: 'x'.repeat(300_000) } })).rejects.toThrow(
    /262144 bytes/,
  );
});

test('the published schema is that of the declarations', () => {
  const published = JSON.parse(readFileSync(join(bundled, 'agent.schema.json'), 'utf8')) as unknown;
  expect(published).toEqual(someAgents().agents.schema());
});
