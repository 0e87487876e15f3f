import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { expect, onTestFinished, test } from 'vitest';
import { type ModelStandIn, type Scripted, startModelStandIn, status } from './stand-in.ts';

const answer: Scripted = {
  thinking: 'They want two files.',
  text: 'I read both of them. 🦉',
  calls: [
    { tool: 'file_read', input: { path: '/a' } },
    { tool: 'file_read', input: { path: '/b' } },
  ],
  usage: { input: 900, output: 40, cacheRead: 500, cacheWrite: 100 },
  piece: 4,
};

async function serving(script: readonly Scripted[]): Promise<ModelStandIn> {
  const server = await startModelStandIn({ script, models: ['one'] });
  onTestFinished(() => server.close());
  return server;
}

const anthropicOf = ({ url }: ModelStandIn) => new Anthropic({ apiKey: 'key', baseURL: url, maxRetries: 0 });
const openaiOf = ({ openai }: ModelStandIn) => new OpenAI({ apiKey: 'key', baseURL: openai, maxRetries: 0 });
const question = { role: 'user', content: 'Read both.' } as const;

test('what streams as Messages is what the SDK of Anthropic puts together', async () => {
  const client = anthropicOf(await serving([answer]));
  const stream = client.messages.stream({ model: 'one', max_tokens: 100, messages: [question] });
  const message = await stream.finalMessage();
  expect(message.content).toMatchObject([
    { type: 'thinking', thinking: answer.thinking, signature: 'c2VhbA==' },
    { type: 'text', text: answer.text },
    { type: 'tool_use', name: 'file_read', input: { path: '/a' } },
    { type: 'tool_use', name: 'file_read', input: { path: '/b' } },
  ]);
  expect(message.stop_reason).toBe('tool_use');
  expect(message.usage).toMatchObject({
    input_tokens: 300,
    output_tokens: 40,
    cache_read_input_tokens: 500,
    cache_creation_input_tokens: 100,
  });
});

test('what streams as chat completions is what the SDK of OpenAI puts together', async () => {
  const client = openaiOf(await serving([answer]));
  const stream = client.chat.completions.stream({
    model: 'one',
    messages: [question],
    stream_options: { include_usage: true },
  });
  const completion = await stream.finalChatCompletion();
  const [choice] = completion.choices;
  expect(choice?.message.content).toBe(answer.text);
  expect(choice?.finish_reason).toBe('tool_calls');
  expect(choice?.message.tool_calls).toMatchObject([
    { type: 'function', function: { name: 'file_read', arguments: '{"path":"/a"}' } },
    { type: 'function', function: { name: 'file_read', arguments: '{"path":"/b"}' } },
  ]);
  expect(completion.usage).toMatchObject({ prompt_tokens: 900, completion_tokens: 40 });
});

test('what streams as Responses is what the SDK of OpenAI puts together', async () => {
  const server = await serving([answer, { text: 'Cut', stop: 'length' }, { text: 'No.', stop: 'refusal' }]);
  const client = openaiOf(server);
  const ask = () => client.responses.stream({ model: 'one', input: [question] }).finalResponse();
  const response = await ask();
  expect(response.output).toMatchObject([
    { type: 'reasoning', summary: [{ text: answer.thinking }] },
    { type: 'message', content: [{ type: 'output_text', text: answer.text }] },
    { type: 'function_call', name: 'file_read', arguments: '{"path":"/a"}' },
    { type: 'function_call', name: 'file_read', arguments: '{"path":"/b"}' },
  ]);
  expect(response.usage).toMatchObject({ input_tokens: 900, output_tokens: 40 });
  expect(server.requests[0]?.messages[0]?.text).toBe('Read both.');
  expect(await ask()).toMatchObject({
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
  });
  expect((await ask()).output).toMatchObject([{ content: [{ type: 'refusal', refusal: 'No.' }] }]);
});

test('refusals are the errors that the SDKs know', async () => {
  const failures = [status(401), status(429, { headers: { 'retry-after': '3' } }), status(529)];
  const anthropic = anthropicOf(await serving(failures));
  const ask = () => anthropic.messages.create({ model: 'one', max_tokens: 10, messages: [question] });
  await expect(ask()).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
  await expect(ask()).rejects.toBeInstanceOf(Anthropic.RateLimitError);
  await expect(ask()).rejects.toMatchObject({ status: 529, type: 'overloaded_error' });
  const openai = openaiOf(await serving(failures));
  const chat = () => openai.chat.completions.create({ model: 'one', messages: [question], stream: true });
  await expect(chat()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  await expect(chat()).rejects.toBeInstanceOf(OpenAI.RateLimitError);
  const unknown = openai.responses.create({ model: 'two', input: 'Hello', stream: true });
  await expect(unknown).rejects.toBeInstanceOf(OpenAI.NotFoundError);
});

test('its models are listed as each of them lists them', async () => {
  const server = await serving([]);
  const names = [];
  for await (const { id } of anthropicOf(server).models.list()) names.push(id);
  for await (const { id } of openaiOf(server).models.list()) names.push(id);
  expect(names).toEqual(['one', 'one']);
});
