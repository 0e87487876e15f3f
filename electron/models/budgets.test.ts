import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Id } from '../../shared/ids.ts';
import type { SettingKey } from '../../shared/settings.ts';
import { newId } from '../base/ids.ts';
import { ManualClock } from '../base/manual-clock.ts';
import { count } from '../base/test-counts.ts';
import { status } from '../../e2e/stand-in-models/stand-in.ts';
import type { Reservation, Wish } from './budgets.ts';
import type { CallBudgets } from './models.ts';
import { standIn } from './testing/ask-wire.ts';
import {
  aCall,
  callOf,
  modelHouse,
  type ModelHouse,
  operator,
  pointAt,
  told,
} from './testing/model-house.ts';

const noon = new Date(2026, 4, 5, 12);
const price = { input: 2, output: 10 };
const sessionId = () => newId('session', noon);

function wish(more: Partial<Wish> = {}): Wish {
  return {
    model: 'stand-in/one',
    agent: 'coder',
    session: sessionId(),
    budgets: undefined,
    input: 1000,
    output: 1000,
    price,
    ...more,
  };
}

const own = (session: Id<'session'>, tokens: number | null, micros: number | null = null): CallBudgets => ({
  sessions: [{ session, tokens, micros }],
});

async function set({ record }: ModelHouse, key: SettingKey, value: number | null): Promise<void> {
  await record.append({ kind: 'setting.changed', actor: operator, data: { key, value } });
}

/** A file of one's own in which the stand-in has a price: two dollars in, ten out. */
const priced = 'models: { stand-in/one: { price: { input: 2, output: 10 } } }';

test('what is set aside and what was spent never exceed a budget, however many calls run at a time', async () => {
  const house = await modelHouse();
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        tokens: fc.integer({ min: 1, max: 20_000 }),
        micros: fc.integer({ min: 1, max: 100_000 }),
      }),
      fc.array(
        fc.record({
          input: fc.integer({ min: 1, max: 3000 }),
          output: fc.integer({ min: 1, max: 3000 }),
          used: fc.double({ min: 0, max: 1, noNaN: true }),
          endsFirst: fc.nat(5),
        }),
        { maxLength: 60 },
      ),
      async (limit, calls) => {
        const session = sessionId();
        const budgets = own(session, limit.tokens, limit.micros);
        const running: { reserved: Reservation; used: number }[] = [];
        const account = () => house.budgets.accounts().find(({ name }) => name.of === session);
        for (const call of calls) {
          for (const { reserved, used } of running.splice(0, call.endsFirst))
            reserved.settle({
              tokens: Math.floor(reserved.tokens * used),
              micros: Math.floor((reserved.micros ?? 0) * used),
            });
          try {
            const reserved = house.budgets.reserve(wish({ ...call, session, budgets }));
            expect(reserved.output).toBeLessThanOrEqual(call.output);
            running.push({ reserved, used: call.used });
          } catch (problem) {
            expect(problem).toMatchObject({ code: 'budget_exhausted' });
          }
          const { spent, reserved } = account() ?? {
            spent: { tokens: 0, micros: 0 },
            reserved: { tokens: 0, micros: 0 },
          };
          expect(spent.tokens + reserved.tokens).toBeLessThanOrEqual(limit.tokens);
          expect(spent.micros + reserved.micros).toBeLessThanOrEqual(limit.micros);
        }
        for (const { reserved } of running) reserved.settle({ tokens: 0, micros: 0 });
        expect(account()?.reserved ?? { tokens: 0, micros: 0 }).toEqual({ tokens: 0, micros: 0 });
      },
    ),
    { numRuns: count(100, 5000) },
  );
});

test('an answer is kept shorter where no more is left, and refused where nothing useful is', async () => {
  const house = await modelHouse();
  const session = sessionId();
  const budgets = own(session, 3000);
  const first = house.budgets.reserve(wish({ session, budgets, output: 5000 }));
  expect(first).toMatchObject({ tokens: 3000, output: 2000 });
  expect(() => house.budgets.reserve(wish({ session, budgets }))).toThrow(/3,000 set aside/);
  first.settle({ tokens: 1500, micros: 0 });
  first.settle({ tokens: 1500, micros: 0 });
  expect(house.budgets.reserve(wish({ session, budgets })).output).toBe(500);
});

test('what a child spends its parents spend too', async () => {
  const house = await modelHouse();
  const [parent, child] = [sessionId(), sessionId()];
  const budgets: CallBudgets = {
    sessions: [
      { session: child, tokens: null, micros: null },
      { session: parent, tokens: 2500, micros: null },
    ],
  };
  const reserved = house.budgets.reserve(wish({ session: child, budgets }));
  expect(reserved.charged).toEqual([parent]);
  expect(() => house.budgets.reserve(wish({ session: child, budgets }))).toThrow(parent);
});

test('the budget of an agent begins anew with its period, that of a day at midnight', async () => {
  const clock = new ManualClock(noon);
  const house = await modelHouse({ clock });
  await set(house, 'budget.dayTokens', 5000);
  const budgets: CallBudgets = { agent: { tokens: 2000, micros: null, periodSeconds: 3600 } };
  const call = () => house.budgets.reserve(wish({ budgets })).settle({ tokens: 2000, micros: 0 });
  call();
  expect(call).toThrow(/the agent coder.*spent/);
  clock.advance(3_600_000);
  call();
  clock.advance(3_600_000);
  expect(call).toThrow(/this day/);
  clock.advance(12 * 3_600_000);
  call();
});

test('a budget in dollars cannot be held where nobody knows the price, and says so', async () => {
  const house = await modelHouse();
  await set(house, 'budget.dayDollars', 1);
  expect(() => house.budgets.reserve(wish({ price: null }))).toThrow(/Nobody knows what stand-in\/one costs/);
  await set(house, 'budget.dayDollars', null);
  expect(house.budgets.reserve(wish({ price: null })).micros).toBeNull();
});

test('one call may not take more than a call may', async () => {
  const house = await modelHouse();
  await set(house, 'budget.callTokens', 1500);
  expect(house.budgets.reserve(wish()).output).toBe(500);
  expect(() => house.budgets.reserve(wish({ input: 1400 }))).toThrow(/more than 1,500 tokens/);
  await set(house, 'budget.callTokens', null);
  await set(house, 'budget.callDollars', 0.001);
  expect(() => house.budgets.reserve(wish())).toThrow(/more than \$0\.0010,/);
});

test('an exhausted budget stops a call before anything is sent or on the record', async () => {
  const house = await modelHouse({ own: priced });
  const server = await standIn({ answer: () => ({ text: 'Yes.' }) });
  await pointAt(house, server);
  const call = aCall();
  await expect(callOf(house, { ...call, budgets: own(call.session, 100) })).rejects.toMatchObject({
    code: 'budget_exhausted',
    mend: expect.stringContaining(`holdfast budgets raise ${call.session}`) as unknown,
  });
  expect(server.requests.length).toBe(0);
  expect(await told(house)).toEqual([]);
});

test.each([
  { input: 0, output: 0 },
  { input: -5, output: -1_000_000 },
  { input: Number.NaN, output: 0 },
])('a provider that counts %o is not believed: what was said and heard counts', async (usage) => {
  for (const wire of ['chat', 'messages'] as const) {
    const house = await modelHouse({ own: priced });
    const calls = [{ tool: 'note', input: { line: 'x'.repeat(3000) } }];
    const server = await standIn({ answer: () => ({ text: 'y'.repeat(300), calls, usage }) });
    await pointAt(house, server, { wire });
    const call = aCall({ maxOutputTokens: 2000 });
    const { end } = await callOf(house, call);
    expect(end.usage.input).toBeGreaterThan(0);
    expect(end.usage.output).toBeGreaterThan(wire === 'chat' ? 1000 : 0);
    const { tokens, micros } = house.budgets.sessionSpent(call.session);
    expect([tokens, micros]).toEqual([end.usage.input + end.usage.output, end.cost]);
    expect(end.cost).toBeGreaterThan(0);
  }
});

test('totals survive a restart, and a request without an end counts as what was set aside', async () => {
  const server = await standIn({ answer: () => ({ text: 'Yes.', usage: { input: 100, output: 10 } }) });
  const first = await modelHouse({ own: priced });
  await pointAt(first, server);
  const call = aCall({ maxOutputTokens: 400 });
  const { end } = await callOf(first, call);
  expect(end.cost).toBe(300);
  expect(first.budgets.sessionSpent(call.session)).toEqual({ tokens: 110, micros: 300, unpriced: 0 });
  const { agent, session } = call;
  const data = { model: end.model, inputTokens: 100, outputTokens: 10, cost: end.cost };
  const rest = { actor: { kind: 'agent', id: agent }, scope: { agent, session }, data } as const;
  await first.record.append({ kind: 'model.called', parent: end.request!, ...rest });
  // The second answer is never put on the record, as if Holdfast had been killed right then.
  await callOf(first, call);
  const open = first.record.rows("SELECT tokens, micros FROM spending WHERE state = 'reserved'");
  expect(open.length).toBe(1);
  await first.close();
  const { folder } = first;
  const second = await modelHouse({ folder });
  const tokens = 110 + Number(open[0]?.['tokens']);
  const micros = 300 + Number(open[0]?.['micros']);
  const spent = { tokens, micros, unpriced: 0 };
  expect(second.budgets.sessionSpent(session)).toEqual(spent);
  expect(second.budgets.accounts()[0]?.spent).toEqual(spent);
  expect((await second.record.rebuild(operator)).differences).toBe(0);
});

test('what nobody knows the price of is counted apart, in this life and the next', async () => {
  const server = await standIn({ answer: () => ({ text: 'Yes.', usage: { input: 100, output: 10 } }) });
  const first = await modelHouse({ own: priced });
  await pointAt(first, server);
  const call = aCall({ models: ['stand-in/two'] });
  for (const models of [call.models, ['stand-in/one']] as const) {
    const { end } = await callOf(first, { ...call, models });
    const data = { model: end.model, inputTokens: 100, outputTokens: 10 };
    const { agent, session } = call;
    await first.record.append({
      kind: 'model.called',
      parent: end.request!,
      actor: { kind: 'agent', id: agent },
      scope: { agent, session },
      data: { ...data, ...(end.cost === null ? {} : { cost: end.cost }) },
    });
  }
  const spent = { tokens: 220, micros: 300, unpriced: 110 };
  expect(first.budgets.sessionSpent(call.session)).toEqual(spent);
  await first.close();
  const second = await modelHouse({ folder: first.folder });
  expect(second.budgets.sessionSpent(call.session)).toEqual(spent);
  expect(second.budgets.accounts()[0]?.spent).toEqual(spent);
});

test('who was refused at the door pays nothing, who was cut off pays for what may have come', async () => {
  const house = await modelHouse({ own: priced });
  const server = await standIn({
    script: [status(401), { text: 'Half of it.', failure: { kind: 'stalls' } }],
  });
  await pointAt(house, server);
  const call = aCall();
  await expect(callOf(house, call)).rejects.toMatchObject({ code: 'model_refused' });
  expect(house.budgets.sessionSpent(call.session).tokens).toBe(0);
  const control = new AbortController();
  const given = callOf(house, call, control.signal, ({ kind }) => kind === 'text' && control.abort());
  await expect(given).rejects.toMatchObject({ code: 'cancelled' });
  const [row] = house.record.rows('SELECT tokens FROM session_spending WHERE tokens > 0');
  expect(house.budgets.sessionSpent(call.session).tokens).toBe(row?.['tokens']);
});

test('whoever listens hears of every change', async () => {
  const house = await modelHouse();
  let heard = 0;
  const forget = house.budgets.onChange(() => heard++);
  house.budgets.reserve(wish()).settle({ tokens: 1, micros: 1 });
  expect(heard).toBe(2);
  forget();
  house.budgets.reserve(wish()).settle({ tokens: 1, micros: 1 });
  expect(heard).toBe(2);
});

test('what a child spends, the agents that it was started by spend too, in this life and the next', async () => {
  const server = await standIn({ answer: () => ({ text: 'Yes.', usage: { input: 100, output: 10 } }) });
  const first = await modelHouse({ own: priced });
  await pointAt(first, server);
  const lead = { tokens: 900, micros: null, periodSeconds: 0 };
  const budgets: CallBudgets = {
    agents: [
      { agent: 'helper', limit: null },
      { agent: 'lead', limit: lead },
    ],
  };
  const call = aCall({ agent: 'helper', maxOutputTokens: 400, budgets });
  const { end } = await callOf(first, call);
  const { agent, session } = call;
  await first.record.append({
    kind: 'model.called',
    parent: end.request!,
    actor: { kind: 'agent', id: agent },
    scope: { agent, session },
    data: { model: end.model, inputTokens: 100, outputTokens: 10, cost: 300 },
  });
  const spent = (house: ModelHouse, of: string) =>
    house.budgets.accounts().find(({ name }) => name.kind === 'agent' && name.of === of)?.spent;
  const counted = { tokens: 110, micros: 300, unpriced: 0 };
  // Its own name stands twice in the line, and counts once.
  expect([spent(first, 'helper'), spent(first, 'lead')]).toEqual([counted, counted]);
  await first.close();

  const second = await modelHouse({ folder: first.folder });
  const again = wish({ agent: 'helper', session, budgets });
  expect(() => second.budgets.reserve(again)).toThrow(/the agent lead is used up: 110 of 900/);
  const small = second.budgets.reserve({ ...again, input: 100, output: 300 });
  expect(small.agents).toEqual(['lead']);
  expect([spent(second, 'helper'), spent(second, 'lead')]).toEqual([counted, counted]);
  expect((await second.record.rebuild(operator)).differences).toBe(0);
});

test('the parts of a run share its budget, at the same time and in the next life', async () => {
  const server = await standIn({ answer: () => ({ text: 'Yes.', usage: { input: 100, output: 10 } }) });
  const first = await modelHouse({ own: priced });
  await pointAt(first, server);
  const run = newId('run', noon);
  const budgets: CallBudgets = { run: { run, tokens: 1000, micros: null } };
  const parts = [aCall({ budgets, maxOutputTokens: 400 }), aCall({ budgets, maxOutputTokens: 400 })];
  for (const { agent, session } of parts) {
    const scope = { agent, session, run, subtask: newId('subtask', noon) };
    const data = { activity: 'working', reason: 'it begins' } as const;
    await first.record.append({ kind: 'session.turned', actor: operator, scope, data });
  }
  const held = parts.map(({ session }) => wish({ session, budgets, input: 300, output: 300 }));
  const one = first.budgets.reserve(held[0]!);
  // The other gets what is left, and then nobody anything.
  expect(() => first.budgets.reserve({ ...held[1]!, input: 500 })).toThrow(/The budget of the run run_/);
  const other = first.budgets.reserve({ ...held[1]!, input: 100 });
  expect([one.output, other.output]).toEqual([300, 300]);
  expect(() => first.budgets.reserve(held[1]!)).toThrow(/0 of 1,000 tokens are spent, 1,000 set aside/);
  for (const each of [one, other]) each.settle({ tokens: 0, micros: 0 });
  for (const call of parts) {
    const { end } = await callOf(first, call);
    const { agent, session } = call;
    await first.record.append({
      kind: 'model.called',
      parent: end.request!,
      actor: { kind: 'agent', id: agent },
      scope: { agent, session },
      data: { model: end.model, inputTokens: 100, outputTokens: 10, cost: end.cost },
    });
  }
  const spent = (house: ModelHouse) =>
    house.budgets.accounts().find(({ name }) => name.kind === 'run' && name.of === run)?.spent;
  const counted = { tokens: 220, micros: 600, unpriced: 0 };
  expect(spent(first)).toEqual(counted);
  await first.close();

  const second = await modelHouse({ folder: first.folder });
  expect(() => second.budgets.reserve({ ...held[0]!, input: 600 })).toThrow(/220 of 1,000 tokens/);
  expect(spent(second)).toEqual(counted);
  expect((await second.record.rebuild(operator)).differences).toBe(0);
});
