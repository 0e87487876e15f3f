import OpenAI from 'openai';
import { expect, onTestFinished, test } from 'vitest';
import { demoAnswer } from './demo-agent.ts';
import { startModelStandIn } from './stand-in.ts';

const tools = ['file_list', 'file_read', 'file_write', 'file_edit', 'exec'];

async function play(offered: readonly string[], result: (tool: string) => string) {
  const answer = (request: Parameters<typeof demoAnswer>[0]) => ({ ...demoAnswer(request), pace: 0 });
  const server = await startModelStandIn({ answer });
  onTestFinished(() => server.close());
  const client = new OpenAI({ apiKey: 'none', baseURL: server.openai, maxRetries: 0 });
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Show me.' }];
  const called: string[] = [];
  for (let turn = 0; turn < 20; turn++) {
    const stream = client.chat.completions.stream({
      model: 'demo',
      messages,
      tools: offered.map((name) => ({ type: 'function', function: { name, parameters: {} } })),
    });
    const [choice] = (await stream.finalChatCompletion()).choices;
    if (!choice) throw new Error('it answered nothing');
    messages.push({
      role: 'assistant',
      content: choice.message.content,
      tool_calls: choice.message.tool_calls ?? [],
    });
    const [call] = choice.message.tool_calls ?? [];
    if (call?.type !== 'function') return { called, said: choice.message.content ?? '', messages };
    called.push(`${call.function.name} ${call.function.arguments}`);
    messages.push({ role: 'tool', tool_call_id: call.id, content: result(call.function.name) });
  }
  throw new Error('it never ended');
}

test('the demo reads, writes, edits, runs a command and says so', async () => {
  const listed = JSON.stringify({ entries: [{ name: 'notes.md', kind: 'file', size_bytes: 3 }] }, null, 1);
  const { called, said } = await play(tools, (tool) => (tool === 'file_list' ? listed : 'ok'));
  expect(called.map((call) => call.split(' ', 1)[0])).toEqual(tools);
  expect(called[1]).toContain('notes.md');
  expect(said).toContain('5 calls');
  expect(said).toContain('All of it worked.');
});

test('it makes do with the tools that it is offered, and with refusals', async () => {
  const some = await play(['file_list'], () => 'The call failed.\ndenied');
  expect(some.called.length).toBe(1);
  expect(some.said).toContain('1 of them did not work');
  expect((await play([], () => '')).said).toContain('no tools');
});
