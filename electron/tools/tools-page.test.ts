import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tools } from './catalogue.ts';
import { toolsPage } from './tools-page.ts';

const page = fileURLToPath(new URL('../../docs/tools.md', import.meta.url));

test('docs/tools.md says what the tools say of themselves', async () => {
  const style = await resolveConfig(page);
  await expect(await format(toolsPage(tools), { ...style, filepath: page })).toMatchFileSnapshot(page);
});

test('every tool says enough of itself, under a name of its own', () => {
  const names = tools.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, title, description } of tools) {
    expect(name).toMatch(/^[a-z][a-z_]{2,40}$/);
    expect(title.length, name).toBeGreaterThan(5);
    expect(description.length, name).toBeGreaterThan(20);
    expect(description.length, name).toBeLessThan(700);
  }
});
