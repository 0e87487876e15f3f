import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AgentSession, TranscriptEntry } from '../../shared/agent-session.ts';
import { houseWithAgent } from './testing/house-with-agent.ts';
import { answerOf, holdfast, startDaemon } from './testing/launch.ts';

test(
  'an agent is asked from the command line, reads a file with its tool, and the answer is the program’s answer',
  { timeout: 60_000 },
  async () => {
    const { folder, work, server } = await houseWithAgent({
      script: [
        { text: 'I look.', calls: [{ tool: 'file_read', input: { path: 'file.txt' } }] },
        { text: 'I note it.', calls: [{ tool: 'file_write', input: { path: 'noted', content: '42' } }] },
        { text: 'It says forty-two.' },
      ],
    });
    const asked = await holdfast(folder, [
      'ask',
      'helper',
      'What does file.txt say?',
      '--folder',
      `${work}:review`,
    ]);
    expect(asked, asked.stderr).toMatchObject({ code: 0, stdout: 'It says forty-two.\n' });
    expect(server.requests).toHaveLength(3);
    const list = await answerOf<AgentSession[]>(folder, 'sessions', '--all');
    expect(list).toMatchObject([
      { agent: 'helper', activity: 'ended', outcome: { label: 'success' }, turns: 1 },
    ]);
    const entries = await answerOf<TranscriptEntry[]>(folder, 'logs', list[0]!.id);
    expect(entries.map(({ kind }) => kind)).toEqual(['person', 'answer', 'call', 'answer', 'call', 'answer']);
    expect(entries[2]).toMatchObject({ card: { tool: 'file_read', state: 'done', surface: 'namespace' } });
    const text = await holdfast(folder, ['logs', list[0]!.id]);
    expect(text.stdout).toContain('It says forty-two.');
    const changed = await holdfast(folder, ['changes', list[0]!.id]);
    expect(changed.stdout).toContain('noted');
  },
);

test(
  'what an agent did before the house was killed is done once, and its question is answered afterwards',
  { timeout: 60_000 },
  async () => {
    const { folder, work, child, ended } = await houseWithAgent({
      answer: ({ messages }) => {
        const results = messages.filter(({ role }) => role === 'assistant').length;
        if (results === 0) return { calls: [{ tool: 'exec', input: { command: 'echo once >> log' } }] };
        return { text: 'Logged.' };
      },
    });
    const opened = [
      'ask',
      'helper',
      'Log it.',
      '--folder',
      `${work}:rw`,
      '--level',
      'everything',
      '--wait',
      '--json',
    ];
    const asking = holdfast(folder, opened);
    let pending: { id: string }[] = [];
    while (pending.length === 0) pending = await answerOf<{ id: string }[]>(folder, 'approvals');
    child.kill('SIGKILL');
    await ended;
    await asking;
    await startDaemon({ folder });
    const [again] = await answerOf<{ id: string }[]>(folder, 'approvals');
    expect(again?.id).toBe(pending[0]?.id);
    expect(await holdfast(folder, ['approve', pending[0]!.id])).toMatchObject({ code: 0 });
    let session: AgentSession | undefined;
    while (session?.activity !== 'idle') [session] = await answerOf<AgentSession[]>(folder, 'sessions');
    expect(readFileSync(join(work, 'log'), 'utf8')).toBe('once\n');
    const stopped = await answerOf<AgentSession>(folder, 'stop', session.id);
    expect(stopped).toMatchObject({ activity: 'ended', outcome: { label: 'success' } });
  },
);

test(
  'a question that the budget does not hold says so, with what to do, and goes on once it is raised',
  { timeout: 60_000 },
  async () => {
    const { folder, work } = await houseWithAgent({ script: [{ text: 'It is forty-two.' }] });
    expect(await holdfast(folder, ['settings', 'set', 'budget.dayTokens', '10'])).toMatchObject({ code: 0 });
    const asked = await holdfast(folder, ['ask', 'helper', 'What is it?', '--folder', `${work}:ro`]);
    expect(asked.code).toBe(7);
    expect(asked.stderr).toContain('out of budget');
    expect(asked.stderr).toContain('The budget of this day is used up: 0 of 10 tokens are spent');
    expect(asked.stderr).toContain('Raise the settings budget.dayTokens and budget.dayDollars');
    const [rests] = await answerOf<AgentSession[]>(folder, 'sessions', '--all');
    expect(rests).toMatchObject({ activity: 'out_of_budget' });
    expect(rests?.detail).toContain('Raise the settings');
    await holdfast(folder, ['settings', 'set', 'budget.dayTokens', '1000000']);
    expect(await holdfast(folder, ['resume', rests!.id])).toMatchObject({ code: 0 });
    const told = async () => (await holdfast(folder, ['logs', rests!.id])).stdout;
    await expect.poll(told, { timeout: 30_000 }).toContain('It is forty-two.');
  },
);
