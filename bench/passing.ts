/**
 * A question that Holdfast passes on for a program that it did not write, against the same question asked without it:
 * in one piece, and streamed to its end. Two durable appends are part of it, and are measured beside it: what is left is
 * the budgets, reading along, and one way more over loopback.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startModelStandIn } from '../e2e/stand-in-models/stand-in.ts';
import { systemPathSources } from '../electron/base/paths.ts';
import { connect } from '../electron/cli/client.ts';
import { startCore } from '../electron/core.ts';
import { passModels } from '../shared/contract/pass-models.ts';
import { median, quick, report } from './parts/report.ts';

const rounds = quick ? 30 : 200;
const text = 'The tide is high, and it is going to be higher. '.repeat(40);
const server = await startModelStandIn({ answer: () => ({ text }) });
const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-passing-'));
const own = systemPathSources();
const sources = { ...own, environment: { ...own.environment, XDG_CONFIG_HOME: folder }, home: folder };
const data = join(folder, 'data');
const core = await startCore({ surface: 'daemon', data, port: 0, stopAsked: () => undefined, sources });
const client = connect(core.paths);
const provider = { provider: 'bench', wire: 'messages' as const, baseUrl: server.url, secret: null };
await client.models.configure(provider);
const { value } = await client.access.create({ name: 'bench', procedures: [passModels] });
const { address } = await client.house.status();

/** From the asking until the last byte is there. */
async function asked(base: string, model: string, stream: boolean): Promise<number> {
  const question = { model, max_tokens: 4000, stream, messages: [{ role: 'user', content: 'How high?' }] };
  const begun = performance.now();
  const answer = await fetch(`${base}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${value}` },
    body: JSON.stringify(question),
  });
  const said = await answer.text();
  if (!answer.ok || said.length < text.length) throw new Error(`${answer.status}: ${said}`);
  return performance.now() - begun;
}

/** What is put on the record of a question, by bare code. */
async function appended(): Promise<number> {
  const begun = performance.now();
  const said = { actor: { kind: 'system' }, scope: { agent: 'bare' } } as const;
  const model = 'bench/one';
  await core.record.append({
    ...said,
    kind: 'model.requested',
    data: { model, messages: 1, reserved: { tokens: 1, micros: null } },
  });
  await core.record.append({
    ...said,
    kind: 'model.failed',
    data: { model, code: 'bench', reason: 'It was not asked.', settled: { tokens: 0, micros: null } },
    blobs: [{ name: 'answer', type: 'text/event-stream', content: Buffer.from(text.repeat(8)) }],
  });
  return performance.now() - begun;
}

for (const stream of [false, true]) {
  const passed: number[] = [];
  const direct: number[] = [];
  const bare: number[] = [];
  for (let i = 0; i < rounds + 10; i++) {
    const each = [
      await asked(server.url, 'one', stream),
      await asked(`${address}/models`, 'bench/one', stream),
      await appended(),
    ] as const;
    if (i < 10) continue;
    direct.push(each[0]);
    passed.push(each[1]);
    bare.push(each[2]);
  }
  report({
    name: `a question passed on, ${stream ? 'streamed' : 'not streamed'}`,
    figure: `${median(passed).toFixed(2)} ms`,
    compared: `${median(direct).toFixed(2)} ms without Holdfast, ${median(bare).toFixed(2)} ms for its two durable appends`,
    value: median(passed.map((milliseconds, i) => milliseconds - direct[i]! - bare[i]!)),
    aim: { atMost: 5 },
    unit: ' ms',
  });
}

await core.stop({ drain: false, reason: 'the bench is over' });
await server.close();
await rm(folder, { recursive: true, force: true });
