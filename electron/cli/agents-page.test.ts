import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { holdfast, startDaemon } from './testing/launch.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/agents.md', import.meta.url)), 'utf8');
const example = (language: string) =>
  new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(page)?.[1] ?? '';

test('the file and the commands of docs/agents.md do what the page says', { timeout: 60_000 }, async () => {
  const { folder } = await startDaemon();
  writeFileSync(join(folder, 'release-notes.yaml'), example('yaml'));
  writeFileSync(join(folder, 'broken.yaml'), 'name: broken\nmodle: x\n');
  const said: Record<string, string> = {};
  for (const line of example('console').trimEnd().split('\n')) {
    const [, words = '', ending = '0'] = /^\$ holdfast (.*?)(?: {2}# ends with (\d+))?$/.exec(line) ?? [];
    const args = words.split(' ').map((word) => (word.endsWith('.yaml') ? join(folder, word) : word));
    const ran = await holdfast(folder, args);
    expect(ran.code, `${line}: ${ran.stderr}`).toBe(Number(ending));
    said[words] = ran.stdout;
  }
  expect(said['agents list']).toContain('researcher  bundled');
  expect(said['agents validate broken.yaml']).toContain(
    'broken.yaml:2:1: modle: There is no field “modle”. Did you mean “model”?',
  );
  const shown = JSON.parse(said['agents show release-notes --json'] ?? '') as {
    agent: { capabilities: string[]; limits: { iterations: number }; systemPrompt: string };
  };
  expect(shown.agent.capabilities).toContain('tool: file_edit');
  expect(shown.agent.capabilities).toContain('tool: web_fetch');
  expect(shown.agent.limits.iterations).toBe(40);
  expect(shown.agent.systemPrompt).toMatch(/^You work for one person[\s\S]*You write release notes/);
});
