import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Agent } from '../../shared/agent.ts';
import { plainAgent } from '../../shared/testing/plain-agent.ts';
import type { Approvals } from '../../electron/approvals/asking.ts';
import { openRecord } from '../../electron/audit/open-record.ts';
import { systemClock as clock } from '../../electron/base/clock.ts';
import { newId } from '../../electron/base/ids.ts';
import { silentLog } from '../../electron/base/log.ts';
import { CapabilityTokens } from '../../electron/capabilities/capability-tokens.ts';
import { createPathOpener } from '../../electron/capabilities/open-path.ts';
import type { ModelCall, ModelPiece, Models } from '../../electron/models/models.ts';
import { absentHands } from '../../electron/sessions/absent-hands.ts';
import type { AgentSessionParts } from '../../electron/sessions/agent-session-parts.ts';
import { AgentSessions } from '../../electron/sessions/agent-sessions.ts';
import { openVault } from '../../electron/store/open-vault.ts';
import { type Tool, tool } from '../../electron/tools/tool.ts';

const root = new URL('../../electron/', import.meta.url);
const threads = { writer: new URL('writer.ts', root), reader: new URL('reader.ts', root) };
const model = 'bench/instant';

const agent: Agent = {
  ...plainAgent,
  name: 'bench',
  models: [model],
  systemPrompt: 'You are measured.',
  capabilities: ['tool: note'],
  limits: { ...plainAgent.limits, iterations: 100, tokens: 100_000_000, repeats: 100 },
};

/** Answers at once: so many calls in each turn, and then a word. */
function instantModels(record: Pick<AgentSessionParts['record'], 'append'>, steps: number): Models {
  return {
    async *call(call: ModelCall): AsyncGenerator<ModelPiece, void> {
      const { agent: name, session, messages } = call;
      const { id: request } = await record.append({
        kind: 'model.requested',
        actor: { kind: 'agent', id: name },
        scope: { session, agent: name },
        data: { model, messages: messages.length, reserved: { tokens: 0, micros: 0 } },
      });
      const asked = messages.findLastIndex(({ parts }) => parts.every(({ kind }) => kind === 'text'));
      const step = messages.length - asked;
      const over = step > steps * 2;
      const text = { kind: 'text' as const, text: over ? 'Done.' : 'A step.' };
      const made = { kind: 'call' as const, call: newId('call', new Date()), tool: 'note', malformed: null };
      const calls = over ? [] : [{ ...made, input: { line: `step ${messages.length}` } }];
      yield {
        kind: 'end',
        message: { role: 'assistant', parts: [text, ...calls] },
        model,
        stop: over ? 'end' : 'calls',
        usage: { input: 100, output: 20, cacheRead: 0, cacheWrite: 0 },
        cost: 1,
        attempts: 1,
        request,
      };
    },
    facts: (ref) => ({ ref, contextTokens: 1_000_000, outputTokens: 1000, images: false }),
    defaultModel: () => Promise.resolve(model),
  };
}

const agreeing: Approvals = {
  decide: ({ input }) =>
    Promise.resolve({ may: true, input, by: { who: 'level', rule: null, approval: null, words: 'a bench' } }),
  question: () => Promise.resolve(''),
  withdraw: () => Promise.resolve(),
};

const note: Tool = tool({
  name: 'note',
  title: 'Note',
  description: 'Does nothing, at once.',
  input: z.strictObject({ line: z.string() }),
  needs: null,
  repeatable: true,
  parallel: false,
  surface: 'none',
  action: false,
  intends: () => [],
  preview: ({ line }) => line,
  run: () => Promise.resolve({ ok: true, content: [{ kind: 'text', text: 'noted' }] }),
});

/** Sessions with agents on a real record, whose model and tool answer at once. */
export async function agentHouse(
  steps: number,
  through: (record: AgentSessionParts['record']) => AgentSessionParts['record'] = (record) => record,
) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-agents-'));
  const log = silentLog();
  const vault = await openVault({ folder, clock });
  const record = await openRecord({ folder, vault, clock, log, version: 'bench', threads });
  const tokens = await CapabilityTokens.open({ record, clock, log, random: randomBytes });
  const heard = through(record);
  const none = () => Promise.reject(new Error('nothing of this is measured'));
  const sessions = AgentSessions.open({
    record: heard,
    clock,
    log,
    vault,
    tokens,
    data: folder,
    open: createPathOpener(),
    executor: none,
    reviewer: { changes: none, text: none, apply: none, copy: none, discard: none },
    ownPlaces: () => Promise.resolve([folder]),
    agents: { get: () => Promise.resolve(agent), fromValue: none },
    models: () => Promise.resolve(instantModels(heard, steps)),
    approvals: () => Promise.resolve(agreeing),
    tools: () => Promise.resolve([note]),
    hands: () => Promise.resolve(absentHands),
    home: folder,
  });
  const close = async () => {
    await sessions.close();
    await tokens.close();
    await record.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { sessions, record, close };
}
