import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { allowedText } from './allowed-tool.ts';
import type { ScratchFile } from './hand-makers.ts';
import { tools } from './catalogue.ts';
import { skillHands } from './skills/skill-hands.ts';
import { skillsText } from './skills/skill-text.ts';
import { Skills } from './skills/skills.ts';
import { elsewhere, toolsNamed } from './skills/tools-named.ts';
import { openToolRecord, operator, testFolder } from './testing/open-tool-record.ts';
import { someAgent, someHandsOf } from './testing/some-hands-of.ts';

const bundled = fileURLToPath(new URL('../../resources/skills/', import.meta.url));

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => Problem.of(thrown),
  );

function write(folder: string, files: Record<string, string | Buffer>): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}

const skill = (name: string, more = '', body = 'Do it well.') =>
  `---\nname: ${name}\ndescription: About ${name}.\n${more}---\n${body}\n`;

async function open(bundledFolder = testFolder()) {
  const { record, folder } = await openToolRecord();
  const own = join(folder, 'own');
  const clock = new ManualClock();
  const skills = new Skills({ record, clock, bundled: bundledFolder, own });
  return { record, folder, own, clock, skills, bundled: bundledFolder };
}

test('the skills that Holdfast brings can all be used, and allow only tools that there are', async () => {
  const { skills } = await open(bundled);
  const list = await skills.list();
  expect(list.length).toBeGreaterThanOrEqual(8);
  expect(list.map(({ problem }) => problem).filter((problem) => problem !== null)).toEqual([]);
  const known = new Set(tools.map(({ name }) => name));
  const unknown = list.flatMap(({ allowedTools }) => allowedTools ?? []).filter((name) => !known.has(name));
  expect(unknown).toEqual([]);
});

test('a skill that cannot be used says why, and keeps no other from being used', async () => {
  const { skills, bundled: place } = await open();
  const outside = write(testFolder(), { 'SKILL.md': skill('linked') });
  write(place, {
    'good/SKILL.md': skill('good', 'metadata:\n  version: 1.0\nallowed-tools: Read grep\n'),
    'windows/SKILL.md': Buffer.from(skill('windows').replaceAll('\n', '\r\n')),
    'no-front/SKILL.md': '# Only text\n',
    'no-description/SKILL.md': '---\nname: no-description\n---\n',
    'other-name/SKILL.md': skill('name'),
    'Big_Name/SKILL.md': skill('Big_Name'),
    'no-yaml/SKILL.md': '---\nname: [\n---\n',
    'not-text/SKILL.md': Buffer.concat([Buffer.from(skill('not-text')), Buffer.from([0xff, 0xfe])]),
    'too-long/SKILL.md': skill('too-long', '', 'x'.repeat(100_001)),
    'pattern/SKILL.md': skill('pattern', 'allowed-tools: Bash(git:*) Read(src/**)\n'),
    'billion/SKILL.md':
      '---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nname: billion\ndescription: x\n---\n',
    '.hidden/SKILL.md': skill('hidden'),
    'node_modules/SKILL.md': skill('node-modules'),
    'empty/notes.txt': '',
    'README.md': 'no skill',
  });
  symlinkSync(outside, join(place, 'linked'));
  mkdirSync(join(place, 'linked-text'));
  symlinkSync(join(outside, 'SKILL.md'), join(place, 'linked-text', 'SKILL.md'));
  const found = new Map((await skills.list()).map((each) => [each.name, each]));
  const broken = [...found.values()].flatMap(({ name, problem }) => (problem === null ? [] : [name]));
  expect([...found.keys()].filter((name) => !broken.includes(name))).toEqual(['good', 'windows']);
  expect(found.get('good')).toMatchObject({
    description: 'About good.',
    metadata: { version: '1' },
    allowedTools: ['file_read', 'file_read_many', 'file_list', 'grep'],
  });
  expect(broken.toSorted()).toEqual([
    'Big_Name',
    'billion',
    'empty',
    'linked',
    'linked-text',
    'no-description',
    'no-front',
    'no-yaml',
    'not-text',
    'other-name',
    'pattern',
    'too-long',
  ]);
  expect(found.get('no-description')?.problem).toBe('description: is missing.');
  expect(found.get('pattern')?.problem).toMatch(
    /^Line 4: allowed-tools: Read\(src\/\*\*\): a pattern for Read could not be held to\. Name Read alone/,
  );
  expect((await skills.of(someAgent())).map(({ name }) => name)).toEqual(['good', 'windows']);
});

test('later roots stand over earlier ones, and what changes is read again', async () => {
  const { skills, bundled: place, own, record, clock } = await open();
  const added = testFolder();
  write(place, { 'one/SKILL.md': skill('one', '', 'bundled'), 'two/SKILL.md': skill('two', '', 'bundled') });
  write(own, { 'one/SKILL.md': skill('one', '', 'mine') });
  expect((await skills.get('one')).text).toBe('mine');
  write(added, { 'one/SKILL.md': skill('one', '', 'from the folder') });
  const value = added;
  await record.append({ kind: 'setting.changed', actor: operator, data: { key: 'skills.folder', value } });
  const [one, two] = await skills.list();
  expect(one).toMatchObject({ origin: 'folder', hides: true });
  expect(two).toMatchObject({ origin: 'bundled', hides: false });
  expect((await skills.get('one')).text).toBe('from the folder');
  const agent = someAgent();
  expect((await skills.one(agent, 'two')).read?.body).toBe('bundled');
  write(place, { 'two/SKILL.md': skill('two', '', 'bundled, another time') });
  clock.advance(2000);
  expect((await skills.one(agent, 'two')).read?.body).toBe('bundled, another time');
});

test('an agent reads what its file names and nobody disabled, and no file leads out of a skill', async () => {
  const { skills, bundled: place } = await open();
  const outside = write(testFolder(), { secret: 'not yours' });
  write(place, {
    'one/SKILL.md': skill('one'),
    'one/references/more.md': 'more',
    'one/.env': 'hidden',
    'two/SKILL.md': skill('two'),
    'two/picture.bin': Buffer.from([0xff, 0xd8, 0xff]),
    'evil/SKILL.md': skill('evil'),
  });
  symlinkSync(join(outside, 'secret'), join(place, 'evil', 'way-out'));
  const put: ScratchFile[] = [];
  const hands = (said: Parameters<typeof someHandsOf>[0]) =>
    skillHands(skills, someHandsOf(said), (files) => {
      put.push(...files);
      return Promise.resolve();
    });
  const reader = hands({ agent: { skills: ['one', 'two', 'evil'] } });
  const read = await reader.read('one', null);
  expect(read).toMatchObject({
    text: 'Do it well.',
    files: ['references/more.md'],
    place: null,
    tools: null,
  });
  expect((await reader.read('one', 'references/more.md')).text).toBe('more');
  for (const file of ['../two/SKILL.md', '/etc/passwd', '.env', 'references/../.env', 'none', 'a\0b', '']) {
    expect(await problemOf(reader.read('one', file)), file).not.toBeNull();
  }
  expect(await problemOf(reader.read('evil', 'way-out'))).toMatchObject({ code: 'forbidden' });
  expect(await problemOf(reader.read('two', 'picture.bin'))).toMatchObject({ code: 'invalid_input' });
  expect(put).toEqual([]);
  // What runs commands gets copies of the files for them.
  await hands({ agent: { capabilities: ['tool: exec'] } }).read('one', null);
  expect(put.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()])).toEqual([
    ['/home/sandbox/skills/one/references/more.md', 'more'],
  ]);
  expect(await problemOf(hands({ agent: { skills: ['two'] } }).read('one', null))).toMatchObject({
    code: 'not_found',
    mend: 'There is two.',
  });
  await skills.enable('one', false, operator);
  expect(await problemOf(reader.read('one', null))).toMatchObject({ code: 'not_found' });
  await skills.enable('one', true, operator);
  expect(await problemOf(reader.read('one', null))).toBeNull();
});

test('after a skill was read, what it does not allow is refused in words', async () => {
  const { skills, bundled: place } = await open();
  write(place, {
    'free/SKILL.md': skill('free'),
    'narrow/SKILL.md': skill('narrow', 'allowed-tools: grep, file_read\n'),
    'none/SKILL.md': skill('none', 'allowed-tools: ""\n'),
  });
  const agent = someAgent({ outputTool: 'report' });
  const within = () => Promise.resolve(null);
  const refused = async (name: string, tool: string) => skills.refusal(agent, name, tool, within);
  expect(await refused('free', 'exec')).toBeNull();
  expect(await refused('narrow', 'grep')).toBeNull();
  expect(await refused('narrow', 'exec')).toContain('allows grep, file_read and not exec');
  for (const tool of ['skill_read', 'ask_person', 'surroundings', 'report']) {
    expect(await refused('none', tool)).toBeNull();
  }
  expect(await refused('none', 'grep')).toContain('allows no tools');
  // One that is gone allows nothing: nobody can say what it would.
  expect(await refused('gone', 'grep')).toContain('allows no tools');
});

test('patterns are read as they are written elsewhere, or refused with their place', () => {
  const read = (given: string | string[]) => toolsNamed(given).map(allowedText);
  expect(read('Bash(git:*), Bash(npm run test:*) Edit')).toEqual([
    'exec(git *)',
    'job_submit(git *)',
    'job_status',
    'job_list',
    'job_wait',
    'job_watch',
    'job_cancel',
    'exec(npm run test *)',
    'job_submit(npm run test *)',
    'file_edit',
  ]);
  expect(read(['exec(make check)', 'cargo_run(cargo test:*)', 'exec("a b" *)', 'Bash(*)'])).toEqual([
    'exec(make check)',
    'cargo_run(cargo test *)',
    'exec("a b" *)',
    'exec',
    'job_submit',
    'job_status',
    'job_list',
    'job_wait',
    'job_watch',
    'job_cancel',
  ]);
  expect(read('WebFetch(domain:*.Example.org) http_request(domain:localhost:8080)')).toEqual([
    'web_fetch(domain:*.example.org)',
    'http_request(domain:localhost:8080)',
  ]);
  expect(read('constructor toString')).toEqual(['constructor', 'toString']);
  const wrong: Record<string, string> = {
    'Bash(git:*': 'is no tool',
    'Bash (git)': 'is no tool',
    'Bash(git $(x))': 'is no tool',
    'git:*': 'is no tool',
    'Bash(git*)': 'character 9: “*” stands for whole arguments only',
    'Bash(* --version)': 'the command itself is not named',
    'Bash("git)': 'a quotation mark',
    'Bash()': 'a command is missing',
    'WebFetch(example.org)': 'it names no domain',
    'WebFetch(domain:a/b)': 'is no host',
    'Edit(src/*)': 'could not be held to',
    'Task(reviewer)': 'could not be held to',
    'Bash(a\u0007b)': 'cannot be shown',
  };
  for (const [text, words] of Object.entries(wrong)) expect(() => read(text), text).toThrow(words);
});

test('the page of skills says what every name from elsewhere means here', () => {
  const page = readFileSync(new URL('../../docs/memory-and-skills.md', import.meta.url), 'utf8');
  for (const name of Object.keys(elsewhere))
    expect(page).toMatch(new RegExp(`^\\| .*\`${name}\`.* \\|`, 'm'));
});

test('a skill is added from a folder whole or not at all, and removed again', async () => {
  const { skills, own, record, folder } = await open();
  const from = write(join(folder, 'made'), {
    'SKILL.md': skill('made'),
    'scripts/run.sh': '#!/bin/sh\necho ran\n',
    '.git/config': 'not taken along',
  });
  expect(await problemOf(skills.add('relative', false, operator))).toMatchObject({ code: 'invalid_input' });
  const added = await skills.add(from, false, operator);
  expect(added).toMatchObject({ name: 'made', origin: 'yours', problem: null });
  expect(readFileSync(join(own, 'made', 'scripts', 'run.sh'), 'utf8')).toContain('echo ran');
  expect(readdirSync(own)).toEqual(['made']);
  expect(readdirSync(join(own, 'made')).toSorted()).toEqual(['SKILL.md', 'scripts']);
  expect(await problemOf(skills.add(from, false, operator))).toMatchObject({ code: 'conflict' });
  writeFileSync(join(from, 'SKILL.md'), skill('made', '', 'Better.'));
  await skills.add(from, true, operator);
  expect((await skills.get('made')).text).toBe('Better.');
  symlinkSync('/etc/passwd', join(from, 'scripts', 'passwd'));
  expect(await problemOf(skills.add(from, true, operator))).toMatchObject({ code: 'forbidden' });
  expect((await skills.get('made')).text).toBe('Better.');
  await skills.remove('made', operator);
  expect(readdirSync(own)).toEqual([]);
  const { events } = await record.query({ filter: { kinds: ['skill.*'] }, limit: 10 });
  expect(events.map(({ kind }) => kind)).toEqual(['skill.removed', 'skill.added', 'skill.added']);
});

test('a prompt lists what there is to read, and nothing else of it', async () => {
  const { skills, bundled: place } = await open();
  expect(skillsText(await skills.of(someAgent()))).toBeNull();
  write(place, { 'one/SKILL.md': skill('one', '', 'A long text.') });
  const text = skillsText(await new Skills({ ...(await parts(place)) }).of(someAgent()));
  expect(text).toMatch(/\n- one: About one\.$/);
  expect(text).not.toContain('A long text');
});

async function parts(place: string) {
  const { record, folder } = await openToolRecord();
  return { record, clock: new ManualClock(), bundled: place, own: join(folder, 'own') };
}
