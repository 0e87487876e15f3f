import { createHash } from 'node:crypto';
import type { AgentSessionFacts } from './facts.ts';

/** What a session's sandbox is, as a hash: where an approval was given for another one, it is asked for again. */
export function planHash({ agent, folders, hosts, sandbox }: AgentSessionFacts): string {
  const { image, loopback, unixSockets, limits } = agent.sandbox;
  const facts = { sandbox, image, folders, hosts, loopback, unixSockets, limits };
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
