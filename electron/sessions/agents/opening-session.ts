import type { Agent } from '../../../shared/agent.ts';
import type { AgentSessionWish } from '../../../shared/agent-session.ts';
import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { refuseNever } from '../../approvals/never-level.ts';
import { newId } from '../../base/ids.ts';
import type { AgentSessionParts } from '../agent-session-parts.ts';
import { SessionRights } from '../preparing/session-rights.ts';
import type { AgentLook } from './agent-look.ts';
import { narrowedAgent } from './child-agent.ts';
import type { AgentSessionFacts } from './facts.ts';
import type { LiveAgentSession } from './live-agent-session.ts';
import { foldersOf, hostsOf, rightsOf } from './open-wish.ts';

const system: Actor = { kind: 'system' };

export interface Parentage {
  readonly parent: LiveAgentSession;
  readonly call: Id<'call'>;
  readonly place: number;
}

type OpeningRow = Pick<ReturnType<AgentLook['row']>, 'title' | 'model' | 'approvals' | 'budget'>;

/** What a session is opened with: its wish checked, and narrowed to what its parent has. */
export async function factsOfWish(
  parts: AgentSessionParts,
  wanted: Agent,
  wish: AgentSessionWish,
  parentage: Parentage | null,
): Promise<{ facts: AgentSessionFacts; row: OpeningRow }> {
  const above = parentage?.parent.facts ?? null;
  const agent = above ? narrowedAgent(wanted, above.agent) : wanted;
  const folders = above ? [...above.folders] : await foldersOf(parts, agent, wish, parts.home);
  const hosts = above ? agent.network : hostsOf(agent, wish);
  const id = newId('session', parts.clock.now());
  const facts: AgentSessionFacts = {
    id,
    agent,
    folders,
    hosts: [...hosts],
    sandbox: above?.sandbox ?? wish.sandbox ?? agent.sandbox.kind,
    unattended: above?.unattended ?? wish.unattended,
    parent: above?.id ?? null,
    depth: above ? above.depth + 1 : 0,
  };
  const approvals = wish.approvals ?? agent.approvals;
  if (approvals === 'never') refuseNever({ folders, hosts: facts.hosts, contained: true });
  const { title, model, budget } = wish;
  const row = { title: title ?? agent.name, model, approvals, budget };
  return { facts, row };
}

/** Its rights and its opening, on the record; refused before that where its parent does not hold them. */
export async function issueSession(
  parts: AgentSessionParts,
  facts: AgentSessionFacts,
  row: OpeningRow,
  by: Actor,
  parentage: Parentage | null,
): Promise<void> {
  const { id, agent, folders, hosts, sandbox, unattended, parent, depth } = facts;
  const rights = new SessionRights(parts.tokens, id);
  const opened: Draft = {
    kind: 'session.opened',
    actor: by,
    scope: { session: id, agent: agent.name },
    data: {
      agent: agent.name,
      sandbox,
      folders: [...folders],
      hosts: [...hosts],
      unattended,
      parent,
      depth,
      ...row,
      parentCall: parentage?.call ?? null,
      ...(parentage ? { parentPlace: parentage.place } : {}),
    },
    blobs: [{ name: 'agent.json', type: 'application/json', content: Buffer.from(JSON.stringify(agent)) }],
  };
  const wanted = rightsOf(agent, folders, hosts);
  const handOn = parentage?.parent.needs.rights.handOn(id, wanted, by);
  try {
    // Refused before anything is on the record where the parent does not hold it itself.
    await handOn;
    await Promise.all([parts.record.append(opened), handOn ? null : rights.issue(wanted, by)]);
  } catch (thrown) {
    await rights.end('the session could not begin', system).catch((failure: unknown) => {
      parts.log.error({ err: failure, session: id }, 'the rights of a session that never began remain');
    });
    throw thrown;
  }
}
