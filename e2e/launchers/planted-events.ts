import type { Draft } from '../../shared/events/catalogue.ts';

/**
 * What a busy morning of agents leaves on a record, for screens and measurements. The same number
 * gives the same events each time.
 */
export function plantedEvent(index: number): Draft {
  const kind = morning[(index * 5 + 3) % morning.length] ?? morning[0];
  const who = index % 3 === 0 ? 'researcher' : 'release';
  return kind({ actor: { kind: 'agent', id: who }, scope: { agent: who } }, index);
}

type Who = Pick<Draft, 'actor' | 'scope'>;
const hash = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';

const morning: readonly [(who: Who, index: number) => Draft, ...((who: Who, index: number) => Draft)[]] = [
  (who) => ({
    kind: 'tool.invoked',
    ...who,
    data: {
      tool: 'run',
      inputHash: hash,
      preview: 'npm run build in /src/harbor/packages/client',
      surface: 'container',
    },
  }),
  (who) => ({
    kind: 'tool.finished',
    ...who,
    data: { tool: 'run', ok: true, preview: 'exit 0 in 8.4 s, 212 lines', surface: 'container' },
  }),
  (who) => ({
    kind: 'approval.asked',
    ...who,
    data: { approval: 'apr_publish', description: 'npm publish --dry-run' },
  }),
  (who) => ({
    kind: 'capability.denied',
    ...who,
    data: {
      token: 'cap_0123456789abcdefghjkmnpqrs',
      agent: who.actor.id ?? 'researcher',
      capability: 'file_read: /home/sam/.ssh/config',
      reason: 'outside_grant',
      count: 1,
    },
  }),
  (who, index) => ({
    kind: 'model.called',
    ...who,
    data: { model: 'tide-large', inputTokens: 5200 + (index % 700), outputTokens: 311 + (index % 90) },
  }),
  (who) => ({
    kind: 'memory.stored',
    ...who,
    data: { memory: 'the tide API answers in UTC', category: 'interfaces' },
  }),
  (who) => ({
    kind: 'tool.invoked',
    ...who,
    data: {
      tool: 'fetch',
      inputHash: hash,
      preview: 'https://api.example.org/tides?station=9',
      surface: 'broker',
    },
  }),
  (who) => ({ kind: 'subtask.started', ...who, data: { name: 'scan our usage', role: 'analyzer' } }),
];
