import { completable, McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Serving, Speaker } from '../serving/server-for.ts';

const picture =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const sound = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';
const text = (words: string) => ({ content: [{ type: 'text' as const, text: words }] });
const image = { type: 'image', data: picture, mimeType: 'image/png' } as const;
const embedded = (uri: string, mimeType: string, words: string) =>
  ({ type: 'resource', resource: { uri, mimeType, text: words } }) as const;

/** What the conformance suite calls: tools, resources and prompts that no house has, spoken for by the same code. */
export function fixtureSpeaker({ session }: Serving): Speaker {
  const mcp = new McpServer(
    { name: 'fixture', version: '1' },
    {
      capabilities: {
        logging: {},
        completions: {},
        resources: { subscribe: true, listChanged: true },
        tools: {},
        prompts: {},
      },
    },
  );
  addPlainTools(mcp);
  addAskingTools(mcp);
  addResources(mcp);
  addPrompts(mcp);
  mcp.server.setRequestHandler('resources/subscribe', ({ params }) => {
    session?.subscribed.add(params.uri);
    return {};
  });
  mcp.server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    session?.subscribed.delete(params.uri);
    return {};
  });
  return mcp.server;
}

function addPlainTools(mcp: McpServer): void {
  mcp.registerTool('test_simple_text', { description: 'text' }, () =>
    text('This is a simple text response for testing.'),
  );
  mcp.registerTool('test_image_content', { description: 'image' }, () => ({ content: [image] }));
  mcp.registerTool('test_audio_content', { description: 'audio' }, () => ({
    content: [{ type: 'audio', data: sound, mimeType: 'audio/wav' }],
  }));
  mcp.registerTool('test_embedded_resource', { description: 'resource' }, () => ({
    content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  }));
  mcp.registerTool('test_multiple_content_types', { description: 'several' }, () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      image,
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  }));
  mcp.registerTool('test_error_handling', { description: 'an error' }, () => ({
    ...text('This tool intentionally returns an error for testing'),
    isError: true,
  }));
  mcp.registerTool('test_tool_with_logging', { description: 'logs' }, async ({ mcpReq }) => {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed'])
      await mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data } });
    return text('Tool with logging executed successfully');
  });
  mcp.registerTool('test_tool_with_progress', { description: 'progress' }, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken ?? 0;
    for (const progress of [0, 50, 100]) {
      const params = { progressToken, progress, total: 100, message: `Completed step ${progress} of 100` };
      await mcpReq.notify({ method: 'notifications/progress', params });
    }
    return text('done');
  });
}

const schemaOf = (properties: Record<string, unknown>) => ({ type: 'object', properties, required: [] });

const withDefaults = {
  name: { type: 'string', description: 'User name', default: 'John Doe' },
  age: { type: 'integer', description: 'User age', default: 30 },
  score: { type: 'number', description: 'User score', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', description: 'Verification status', default: true },
};
const titled = ['first', 'second', 'third'].map((name, i) => ({
  const: `value${i + 1}`,
  title: `${name} option`,
}));
const withEnums = {
  untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
  titledSingle: { type: 'string', oneOf: titled },
  legacyEnum: {
    type: 'string',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
  titledMulti: { type: 'array', items: { anyOf: titled } },
};

function addAskingTools(mcp: McpServer): void {
  const prompt = z.object({ prompt: z.string() });
  mcp.registerTool(
    'test_sampling',
    { description: 'sampling', inputSchema: prompt },
    async (given, { mcpReq }) => {
      const messages = [{ role: 'user', content: { type: 'text', text: given.prompt } }];
      const said = await mcpReq.send({
        method: 'sampling/createMessage',
        params: { messages, maxTokens: 100 },
      });
      return text(`LLM response: ${JSON.stringify(said)}`);
    },
  );
  const message = z.object({ message: z.string() });
  mcp.registerTool(
    'test_elicitation',
    { description: 'asks', inputSchema: message },
    async (given, { mcpReq }) => {
      const asked = { username: { type: 'string' }, email: { type: 'string' } };
      const params = { message: given.message, requestedSchema: schemaOf(asked) };
      return text(
        `User response: ${JSON.stringify(await mcpReq.send({ method: 'elicitation/create', params }))}`,
      );
    },
  );
  for (const [name, fields] of [
    ['test_elicitation_sep1034_defaults', withDefaults],
    ['test_elicitation_sep1330_enums', withEnums],
  ] as const) {
    mcp.registerTool(name, { description: 'asks' }, async ({ mcpReq }) => {
      const params = { message: 'Please choose', requestedSchema: schemaOf(fields) };
      const said = await mcpReq.send({ method: 'elicitation/create', params });
      return text(`Elicitation completed: ${JSON.stringify(said)}`);
    });
  }
}

function addResources(mcp: McpServer): void {
  const plain = (uri: string, words: string) =>
    mcp.registerResource(uri, uri, { mimeType: 'text/plain' }, () => ({
      contents: [{ uri, mimeType: 'text/plain', text: words }],
    }));
  plain('test://static-text', 'This is the content of the static text resource.');
  plain('test://watched-resource', 'Watched resource content');
  mcp.registerResource('binary', 'test://static-binary', { mimeType: 'image/png' }, ({ href }) => ({
    contents: [{ uri: href, mimeType: 'image/png', blob: picture }],
  }));
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  mcp.registerResource('template', template, { mimeType: 'application/json' }, ({ href }, { id }) => ({
    contents: [
      {
        uri: href,
        mimeType: 'application/json',
        text: JSON.stringify({ id, data: `Data for ID: ${String(id)}` }),
      },
    ],
  }));
}

const said = (
  ...content: (typeof image | ReturnType<typeof embedded> | { type: 'text'; text: string })[]
) => ({
  messages: content.map((each) => ({ role: 'user' as const, content: each })),
});

function addPrompts(mcp: McpServer): void {
  mcp.registerPrompt('test_simple_prompt', { description: 'simple' }, () =>
    said({ type: 'text', text: 'This is a simple prompt for testing.' }),
  );
  const two = z.object({
    arg1: completable(z.string(), (value) =>
      ['paris', 'park', 'party'].filter((each) => each.startsWith(value)),
    ),
    arg2: z.string(),
  });
  mcp.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'two arguments', argsSchema: two },
    ({ arg1, arg2 }) => said({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }),
  );
  const uri = z.object({ resourceUri: z.string() });
  mcp.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'a resource', argsSchema: uri },
    ({ resourceUri }) =>
      said(embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.'), {
        type: 'text',
        text: 'Please process the embedded resource above.',
      }),
  );
  mcp.registerPrompt('test_prompt_with_image', { description: 'an image' }, () =>
    said(image, { type: 'text', text: 'Please analyze the image above.' }),
  );
}
