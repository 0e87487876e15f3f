import { describe, expect, test } from 'vitest';
import type { AssistantMessage, Message } from '../../../shared/conversation.ts';
import { messageSchema } from '../../../shared/conversation.ts';
import { type Scripted, status } from '../../../e2e/stand-in-models/stand-in.ts';
import { ask, readFile, says, standIn, type WireUnderTest, wires } from '../testing/ask-wire.ts';
import type { FailureKind } from './model-failure.ts';

const both = Object.keys(wires) as WireUnderTest[];

describe.each(both)('over %s', (wire) => {
  test('text, thoughts and parallel calls stream in and come together at the end', async () => {
    const server = await standIn({
      script: [
        {
          thinking: 'Two files are needed.',
          text: 'I read both – at once. 🦉',
          calls: [
            { tool: 'file_read', input: { path: '/a' } },
            { tool: 'file_read', input: { path: '/b' } },
          ],
          usage: { input: 1000, output: 50, cacheRead: 600, cacheWrite: 100 },
          piece: 3,
        },
      ],
    });
    const { pieces, text, thinking, answer } = await ask(server, wire);
    expect(text).toBe('I read both – at once. 🦉');
    expect(thinking).toBe('Two files are needed.');
    expect(pieces.filter(({ kind }) => kind === 'text').length).toBeGreaterThan(5);
    expect(pieces.filter(({ kind }) => kind === 'call')).toEqual([
      { kind: 'call', tool: 'file_read' },
      { kind: 'call', tool: 'file_read' },
    ]);
    expect(answer?.stop).toBe('calls');
    expect(answer?.usage).toEqual({ input: 1000, output: 50, cacheRead: 600, cacheWrite: 100 });
    const calls = answer?.parts.filter((part) => part.kind === 'call') ?? [];
    expect(calls.map(({ input }) => input)).toEqual([{ path: '/a' }, { path: '/b' }]);
    expect(new Set(calls.map(({ call }) => call)).size).toBe(2);
    expect(messageSchema.safeParse({ role: 'assistant', parts: answer?.parts }).success).toBe(true);
  });

  test('an answer goes back with the ids it was given, its results, its pictures and its seal', async () => {
    const server = await standIn({
      script: [
        { thinking: 'Look first.', text: 'I look.', calls: [{ tool: 'file_read', input: { path: '/p' } }] },
        { text: 'Done.' },
      ],
    });
    const { answer } = await ask(server, wire);
    const said: AssistantMessage = { role: 'assistant', parts: answer?.parts ?? [] };
    const call = said.parts.find((part) => part.kind === 'call');
    if (!call) throw new Error('it made no call');
    const image = { kind: 'image', type: 'image/png', data: 'aGk=' } as const;
    const result: Message = {
      role: 'user',
      parts: [
        { kind: 'text', text: 'And hurry.' },
        {
          kind: 'result',
          call: call.call,
          tool: call.tool,
          ok: false,
          content: [{ kind: 'text', text: 'No such file.' }, image],
        },
      ],
    };
    await ask(server, wire, { messages: [says('Hello'), said, result] });
    const second = server.requests[1];
    const messages = second?.messages ?? [];
    expect(messages.flatMap(({ calls }) => calls)).toEqual([
      { id: call.call, tool: 'file_read', input: { path: '/p' } },
    ]);
    expect(messages.flatMap(({ results }) => results)).toMatchObject([
      { call: call.call, failed: true, text: expect.stringContaining('No such file.') as unknown },
    ]);
    expect(JSON.stringify(second?.body)).toContain('aGk=');
    expect(JSON.stringify(second?.body)).toContain(wire === 'messages' ? 'c2VhbA==' : 'Look first.');
    expect(messages.at(-1)?.text).toContain('And hurry.');
  });

  test('thoughts of another provider are not sent', async () => {
    const server = await standIn({ script: [{ text: 'Yes.' }] });
    const foreign: Message = {
      role: 'assistant',
      parts: [
        { kind: 'thinking', text: 'secret musing', seal: 'other:c2VhbA==' },
        { kind: 'text', text: 'Well.' },
      ],
    };
    await ask(server, wire, { messages: [says('Hello'), foreign, says('And?')] });
    expect(JSON.stringify(server.requests[0]?.body)).not.toContain('secret musing');
  });

  test('names of tools that no provider takes are told in another form and come back as they were', async () => {
    const dotted = { ...readFile, name: 'mcp.some server.read/file' };
    const server = await standIn({
      answer: ({ tools }) => ({ calls: [{ tool: tools[0] ?? '', input: {} }] }),
    });
    const { answer } = await ask(server, wire, { tools: [dotted] });
    expect(server.requests[0]?.tools[0]).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(answer?.parts).toMatchObject([{ kind: 'call', tool: dotted.name }]);
  });

  test.each([
    ['{"path": "/a"', /not JSON/],
    ['[1]', /not a JSON object/],
    ['{"a":1e999}', /too large/],
    [`${'{"a":'.repeat(150)}1${'}'.repeat(150)}`, /nested deeper/],
  ])('arguments such as %.20s are a call that says what is wrong', async (input, words) => {
    const server = await standIn({ script: [{ calls: [{ tool: 'file_read', input }] }] });
    const { answer } = await ask(server, wire);
    expect(answer?.parts).toMatchObject([
      { kind: 'call', input: {}, malformed: expect.stringMatching(words) as unknown },
    ]);
  });

  test('an answer that was cut at its length says so, and an empty one is empty', async () => {
    const server = await standIn({ script: [{ text: 'Half of', stop: 'length' }, {}] });
    expect((await ask(server, wire)).answer).toMatchObject({ stop: 'length' });
    expect((await ask(server, wire)).answer).toMatchObject({ stop: 'end', parts: [] });
  });

  const failures: [string, Scripted, FailureKind][] = [
    ['400', status(400), 'bad_request'],
    ['400 about length', status(400, { message: 'prompt is too long: 210000 tokens' }), 'too_long'],
    ['401', status(401), 'bad_key'],
    ['402', status(402), 'unpaid'],
    ['403', status(403), 'forbidden'],
    ['404', status(404), 'unknown_model'],
    ['413', status(413), 'too_long'],
    ['429', status(429), 'rate_limited'],
    ['429 without money', status(429, { label: 'insufficient_quota' }), 'unpaid'],
    ['500', status(500), 'broken'],
    ['503', status(503), 'overloaded'],
    ['529', status(529), 'overloaded'],
    ['a cut stream', { text: 'A long enough answer to cut.', failure: { kind: 'cut' } }, 'cut'],
    ['a stream that ends early', { text: 'A long enough answer.', failure: { kind: 'ends_early' } }, 'cut'],
    ['malformed JSON', { text: 'An answer.', failure: { kind: 'malformed_json' } }, 'malformed'],
    ['an error in mid-stream', { text: 'An answer.', failure: { kind: 'error_event' } }, 'overloaded'],
  ];
  test.each(failures)('%s is told as what it is', async (_, scripted, kind) => {
    const server = await standIn({ script: [scripted] });
    await expect(ask(server, wire)).rejects.toMatchObject({ name: 'ModelFailure', kind });
    expect(server.requests.length).toBe(1);
  });

  test('a stream that is none fails, whatever it holds', async () => {
    const server = await standIn({ script: [{ text: 'An answer.', failure: { kind: 'malformed_stream' } }] });
    await expect(ask(server, wire)).rejects.toMatchObject({ name: 'ModelFailure' });
  });

  test('patience is asked for in seconds or as a date', async () => {
    const date = new Date(Date.now() + 120_000).toUTCString();
    const server = await standIn({
      script: [
        status(429, { headers: { 'retry-after': '7' } }),
        status(529, { headers: { 'retry-after': date } }),
      ],
    });
    await expect(ask(server, wire)).rejects.toMatchObject({ retryAfter: 7000 });
    const late = await ask(server, wire).catch((failure: { retryAfter: number }) => failure.retryAfter);
    expect(late).toBeGreaterThan(60_000);
    expect(late).toBeLessThanOrEqual(120_000);
  });

  test('a key is in no words about a failure', async () => {
    const key = 'plain-unguessable-key';
    const server = await standIn({ script: [status(401, { message: `Incorrect API key: ${key}` })] });
    const failure = await ask(server, wire, { key }).catch((thrown: unknown) => thrown);
    expect((failure as Error).message).toContain('[key]');
    expect((failure as Error).message).not.toContain(key);
  });

  test('nobody is followed elsewhere with what was asked', async () => {
    const elsewhere = await standIn({ answer: () => ({ text: 'Gladly.' }) });
    const location = `${elsewhere.url}/v1/${wire === 'messages' ? 'messages' : 'chat/completions'}`;
    const server = await standIn({ answer: () => status(307, { headers: { location } }) });
    await expect(ask(server, wire)).rejects.toMatchObject({ name: 'ModelFailure' });
    expect(server.requests.length).toBe(1);
    expect(elsewhere.requests).toEqual([]);
  });

  test('nobody there is unreachable', async () => {
    const server = await standIn({ script: [] });
    await server.close();
    await expect(ask(server, wire)).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('a call that is given up ends, and so does its connection', async () => {
    const server = await standIn({ script: [{ text: 'Never whole.', failure: { kind: 'stalls' } }] });
    const control = new AbortController();
    const asking = ask(server, wire, {}, control.signal).then(
      ({ answer }) => answer,
      () => undefined,
    );
    await expect.poll(() => server.requests.length).toBe(1);
    control.abort();
    expect(await asking).toBeUndefined();
    await expect.poll(() => server.answering()).toBe(0);
  });
});
