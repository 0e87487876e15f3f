import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ShownMemory, ShownNote } from '../../shared/contract/keeping.ts';
import { openRecord } from '../audit/open-record.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { openVault } from '../store/open-vault.ts';
import { ToolRoom } from '../tools/tool-room.ts';
import { answerOf, holdfast, startDaemon, testFolder } from './testing/launch.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/memory-and-skills.md', import.meta.url)), 'utf8');
const threads = {
  writer: new URL('../writer.ts', import.meta.url),
  reader: new URL('../reader.ts', import.meta.url),
};

/** What an agent remembered in an earlier life of this house. */
async function remembered(folder: string): Promise<string> {
  const clock = systemClock;
  const vault = await openVault({ folder, clock });
  const log = silentLog();
  const record = await openRecord({ folder, vault, clock, log, version: 'test', threads });
  const models = () => Promise.reject(new Error('none'));
  const skills = { bundled: folder, own: folder };
  const room = new ToolRoom({ record, vault, clock, log, models, skills });
  const agent = 'researcher';
  const by = { agent, actor: { kind: 'agent', id: agent } as const, scope: { agent } };
  const memory = { content: 'The sources are in the cellar.', category: 'observation' as const };
  const quota = { mostRecords: 10, mostBytes: 1000 };
  const id = await room.memories.store(by, { ...memory, replaces: null, call: null }, quota);
  await room.close();
  await record.close();
  return id;
}

test('the commands of docs/memory-and-skills.md do what the page says', { timeout: 120_000 }, async () => {
  const folder = testFolder();
  const memory = await remembered(folder);
  await startDaemon({ folder });
  const skill = join(folder, 'release-notes');
  mkdirSync(skill);
  writeFileSync(join(skill, 'SKILL.md'), '---\nname: release-notes\ndescription: Notes.\n---\nWrite them.\n');
  const said: Record<string, string> = {};
  const examples = [...page.matchAll(/^```console\n(.*?)^```/gms)].map(([, code]) => code ?? '').join('');
  for (const line of examples.trimEnd().split('\n')) {
    const [, words = '', ending = '0'] = /^\$ holdfast (.*?)(?: {2}# ends with (\d+))?$/.exec(line) ?? [];
    const args = [...words.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare = '']) => quoted ?? bare);
    const known = args.map((arg) => (arg === 'MEMORY' ? memory : arg === './release-notes' ? skill : arg));
    const ran = await holdfast(folder, known);
    expect(ran.code, `${line}: ${ran.stderr}`).toBe(Number(ending));
    said[words] = ran.stdout;
  }
  expect(said['notes list researcher']).toMatch(/style +pinned .* Cite every claim\./);
  expect(said['notes show researcher style']).toBe('Cite every claim.\n');
  expect(JSON.parse(said['notes list --json'] ?? '')).toEqual([{ agent: 'researcher', count: 2 }]);
  expect(said['memory list']).toBe('researcher  1\n');
  expect(said['memory list researcher']).toContain('The sources are in the cellar.');
  expect(said['memory show MEMORY']).toContain('researcher, observation');
  expect(said['skills list']).toMatch(/^debugging +bundled/m);
  expect(said['skills show debugging']).toContain('# Finding the cause of a fault');
  expect(said['jobs list']).toBe('There are no jobs.\n');
  expect((await holdfast(folder, ['events', 'cellar', '--json'])).stdout).toBe('');
});

test(
  'what is written and erased from the command line is answered as JSON',
  { timeout: 120_000 },
  async () => {
    const folder = testFolder();
    const memory = await remembered(folder);
    await startDaemon({ folder });
    const note = await answerOf<ShownNote>(folder, 'notes', 'save', 'coder', 'rule', '--text', 'Ask.');
    expect(note).toMatchObject({ key: 'rule', content: 'Ask.', pinned: false });
    const piped = await holdfast(folder, ['notes', 'save', 'coder', 'rule'], { input: 'Ask first.' });
    expect(piped.stdout).toBe('Saved rule.\n');
    expect(await answerOf<ShownNote>(folder, 'notes', 'pin', 'coder', 'rule')).toMatchObject({
      content: 'Ask first.',
      pinned: true,
    });
    const edited = await answerOf<ShownMemory>(folder, 'memory', 'edit', memory, '--text', 'In the attic.');
    expect(edited).toMatchObject({ id: memory, content: 'In the attic.', category: 'observation' });
    const refused = await holdfast(folder, ['memory', 'edit', memory, '--text', 'x', '--category', 'guess']);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    const unasked = await holdfast(folder, ['memory', 'rm', memory]);
    expect(unasked.code).not.toBe(0);
    expect(await answerOf(folder, 'memory', 'rm', memory, '--yes')).toEqual({ id: memory });
    expect(await answerOf(folder, 'memory', 'list', 'researcher')).toEqual([]);
    expect((await holdfast(folder, ['skills', 'add', folder])).stderr).toContain('no skill');
    expect((await holdfast(folder, ['skills', 'rm', 'debugging', '--yes'])).stderr).toContain('disable');
    expect((await holdfast(folder, ['notes', 'show', 'coder', 'x'])).stderr).toContain('There is rule');
  },
);
