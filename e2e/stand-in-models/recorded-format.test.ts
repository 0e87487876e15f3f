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

test('Gemini is answered in pieces, at once, or with an error of its own form', async () => {
  const broken: Scripted = { calls: [{ tool: 'file_read', input: '{"path":' }] };
  const server = await serving([answer, answer, broken, status(429)]);
  const ask = async (method: string, model = 'one') => {
    const contents = [{ role: 'user', parts: [{ text: 'Read both.' }] }];
    const url = `${server.url}/v1beta/models/${model}:${method}`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ contents }) });
    return { code: response.status, text: await response.text() };
  };
  type Told = { candidates: { content: { parts: { text?: string }[] }; finishReason?: string }[] };
  const streamed = (await ask('streamGenerateContent?alt=sse')).text
    .trim()
    .split('\n\n')
    .map((event) => JSON.parse(event.replace(/^data: /, '')) as Told);
  const parts = streamed.flatMap(({ candidates }) => candidates[0]?.content.parts ?? []);
  expect(parts.map(({ text = '' }) => text).join('')).toBe(`${answer.thinking}${answer.text}`);
  const calls = ['/a', '/b'].map((path) => ({ functionCall: { name: 'file_read', args: { path } } }));
  expect(parts.slice(-3, -1)).toMatchObject(calls);
  expect(streamed.at(-1)).toMatchObject({
    candidates: [{ finishReason: 'STOP' }],
    usageMetadata: { promptTokenCount: 900, candidatesTokenCount: 40, cachedContentTokenCount: 500 },
  });
  const whole = JSON.parse((await ask('generateContent')).text) as Told;
  expect(whole.candidates[0]?.content.parts).toMatchObject([
    { text: answer.thinking, thought: true },
    { text: answer.text },
    ...calls,
  ]);
  expect((await ask('generateContent')).text).toContain('"finishReason":"MALFORMED_FUNCTION_CALL"');
  const limited = await ask('streamGenerateContent?alt=sse');
  expect(limited.code).toBe(429);
  expect(JSON.parse(limited.text)).toMatchObject({ error: { code: 429, status: 'RESOURCE_EXHAUSTED' } });
  expect((await ask('generateContent', 'two')).text).toContain('"NOT_FOUND"');
  expect(server.requests[0]).toMatchObject({
    model: 'one',
    stream: true,
    messages: [{ text: 'Read both.' }],
  });
});

test('a question in Gemini’s form is read as every other, and its key is looked at', async () => {
  const server = await startModelStandIn({ key: 'theirs', script: [{ text: 'Both.' }] });
  onTestFinished(() => server.close());
  const call = { id: '1', name: 'file_read', args: { path: '/a' } };
  const results = [
    { functionResponse: { id: '1', name: 'file_read', response: { output: 'one' } } },
    { functionResponse: { id: '2', name: 'file_read', response: { error: 'there is none' } } },
  ];
  const body = JSON.stringify({
    systemInstruction: { role: 'user', parts: [{ text: 'Read files.' }] },
    tools: [{ functionDeclarations: [{ name: 'file_read' }, { name: 'file_write' }] }],
    contents: [
      { role: 'user', parts: [{ text: 'Read both.' }, { inlineData: { mimeType: 'image/png', data: '' } }] },
      { role: 'model', parts: [{ text: 'I have to look.', thought: true }, { functionCall: call }] },
      { role: 'user', parts: results },
    ],
  });
  const ask = async (key: string) =>
    (
      await fetch(`${server.url}/v1beta/models/one:generateContent`, {
        method: 'POST',
        headers: { 'x-goog-api-key': key },
        body,
      })
    ).text();
  expect(await ask('another')).toContain('API key not valid');
  expect(await ask('theirs')).toContain('"parts":[{"text":"Both."}]');
  expect(server.requests[1]).toMatchObject({
    wire: 'gemini',
    stream: false,
    system: 'Read files.',
    tools: ['file_read', 'file_write'],
    messages: [
      { role: 'user', text: 'Read both.', images: 1 },
      { role: 'assistant', text: '', calls: [{ id: '1', tool: 'file_read', input: { path: '/a' } }] },
      {
        results: [
          { call: '1', text: '{"output":"one"}', failed: false },
          { call: '2', text: '{"error":"there is none"}', failed: true },
        ],
      },
    ],
  });
});
