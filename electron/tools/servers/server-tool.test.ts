import { expect, test } from 'vitest';
import { toolServerSchema } from '../../../shared/tool-server.ts';
import { resultOf } from './result-parts.ts';
import { serverTool } from './server-tool.ts';
import { digestOf, foundTool } from './told-tool.ts';

const told = foundTool({
  name: 'write',
  description: 'Writes.',
  inputSchema: {
    type: 'object',
    properties: { path: { type: 'string' }, text: { type: 'string' } },
    required: ['path'],
  },
  annotations: { readOnlyHint: true },
});
const accepted = { server: 'files', digest: told.digest, told };
const call = () => Promise.reject(new Error('nothing is called here'));
const transport = { kind: 'stdio', command: ['x'] };

const toolOf = (said: object, of = accepted) =>
  serverTool(of, toolServerSchema.parse({ transport, ...said }), call);

test('a call fits the server’s schema and the person’s own for each argument', async () => {
  const tool = await toolOf({ tools: { write: { arguments: { path: { pattern: '^/drafts/' } } } } });
  expect(tool?.input.safeParse({ path: '/drafts/one' }).success).toBe(true);
  expect(tool?.input.safeParse({ path: '/other' }).success).toBe(false);
  expect(tool?.input.safeParse({ text: 'x' }).success).toBe(false);
  expect(tool?.input.safeParse({ path: 5 }).success).toBe(false);
  expect(tool?.schema).toEqual(told.input);
});

test('a call is an action unless the server says that it reads and the person named the tool', async () => {
  const action = async (said: object, of = accepted) => (await toolOf(said, of))?.action;
  expect(await action({})).toBe(true);
  expect(await action({ tools: { write: {} } })).toBe(false);
  expect(await action({ tools: { write: { level: 'ask' } } })).toBe(true);
  const writes = { ...accepted, told: { ...told, readOnly: false } };
  expect(await action({ tools: { write: {} } }, writes)).toBe(true);
  expect(await toolOf({ usual: { level: 'deny' } })).toBe(null);
  expect(await toolOf({ tools: { write: { level: 'deny' } } })).toBe(null);
});

test('a schema that is none, or that names others elsewhere, makes no tool', async () => {
  for (const input of [{ type: 'nonsense' }, { $ref: 'http://example.org/schema' }]) {
    expect(await toolOf({}, { ...accepted, told: { ...told, input } })).toBe(null);
  }
});

test('the digest covers all that a model or a person is told', () => {
  const digests = [
    told,
    { ...told, description: 'Writes!' },
    { ...told, title: 'Write' },
    { ...told, readOnly: false },
    { ...told, input: { ...told.input, required: [] } },
    { ...told, output: {} },
  ].map((each) => digestOf(each));
  expect(new Set(digests).size).toBe(digests.length);
  expect(foundTool({ name: 'x', inputSchema: {}, description: 'x'.repeat(30_000) }).problem).toContain(
    'letters',
  );
});

test('results are bounded and told in parts that a model takes', () => {
  const { ok, content } = resultOf(
    {
      isError: true,
      content: [
        { type: 'text', text: 'x'.repeat(50) },
        { type: 'image', mimeType: 'image/tiff', data: 'AAAA' },
        { type: 'image', mimeType: 'image/png', data: 'AAAA' },
        { type: 'resource_link', name: 'a\u200B', uri: 'file:///a' },
        { type: 'resource', resource: { uri: 'file:///b', text: 'words' } },
      ],
    },
    40,
  );
  expect(ok).toBe(false);
  expect(content.map(({ kind }) => kind)).toEqual(['text', 'text', 'image', 'text', 'text']);
  expect(content[0]).toMatchObject({ text: `${'x'.repeat(40)}\n(cut: 10 more letters)` });
  const whole = resultOf({ content: [], structuredContent: { a: 1 } }, 1000);
  expect(whole.content).toEqual([{ kind: 'text', text: '{\n "a": 1\n}' }]);
});
