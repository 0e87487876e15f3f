import type { Agent } from '../../../shared/agent.ts';
import type { AgentSessionWish } from '../../../shared/agent-session.ts';
import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { readCapability, writeCapability } from '../../../shared/capability/text.ts';
import { Problem } from '../../../shared/problem.ts';
import type { RunPayer } from '../../../shared/run.ts';
import { capabilitiesOf } from '../../agents/capabilities-of.ts';
import { refuseNever } from '../../approvals/never-level.ts';
import { newId } from '../../base/ids.ts';
import { covers } from '../../capabilities/covering.ts';
import type { SpendLimit } from '../../models/models.ts';
import type { AgentSessionParts } from '../agent-session-parts.ts';
import { refuseMoved } from '../preparing/granted-folders.ts';
import { type SessionPart, SessionRights } from '../preparing/session-rights.ts';
import type { AgentLook } from './agent-look.ts';
import { narrowedAgent } from './child-agent.ts';
import { type AgentSessionFacts, type ChangeableFacts, givenFolders } from './facts.ts';
import type { LiveAgentSession } from './live-agent-session.ts';
import { foldersOf, hostsOf, rightsOf } from './open-wish.ts';

const system: Actor = { kind: 'system' };

export interface Parentage {
  readonly parent: LiveAgentSession;
  readonly call: Id<'call'>;
  readonly place: number;
}

/** A session that carries out a part of a run. */
export interface CarriedPart {
  readonly part: SessionPart;
  readonly runFolder: string;
  /** Folders of which the run keeps one version for all its parts. */
  readonly reviewed: readonly string[];
  readonly runBudget: SpendLimit;
  readonly payer: RunPayer | null;
  /** Beyond these it connects to nothing, whatever its agent says. */
  readonly hosts: readonly string[];
}

type OpeningRow = Pick<ReturnType<AgentLook['row']>, 'title' | 'model' | 'approvals' | 'budget'> &
  Pick<ChangeableFacts, 'runBudget'>;

/** What a session is opened with: its wish checked, and narrowed to what its parent has. */
export async function factsOfWish(
  parts: AgentSessionParts,
  wanted: Agent,
  wish: AgentSessionWish,
  parentage: Parentage | null,
  carried: CarriedPart | null,
): Promise<{ facts: AgentSessionFacts; row: OpeningRow }> {
  const above = parentage?.parent.facts ?? null;
  const agent = above ? narrowedAgent(wanted, above.agent) : wanted;
  if (carried) refuseOtherHosts(agent, carried.hosts);
  const given = above ? [...above.folders] : await foldersOf(parts, agent, wish, parts.home);
  // A run was given what lay there when it was started, and not what somebody put in its place since.
  if (carried) refuseMoved(wish.folders, given);
  const folders = carried ? [...given, { path: carried.runFolder, mode: 'rw' as const }] : given;
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
    part: above?.part ?? carried?.part ?? null,
    runFolder: above?.runFolder ?? carried?.runFolder ?? null,
    reviewed: (above ? above.reviewed : carried?.reviewed) ?? null,
    payer: carried?.payer ?? null,
  };
  const approvals = wish.approvals ?? agent.approvals;
  if (approvals === 'never') {
    refuseNever({ folders: givenFolders(facts), hosts: facts.hosts, contained: true });
  }
  const { title, model, budget } = wish;
  const runBudget = carried?.runBudget ?? null;
  return { facts, row: { title: title ?? agent.name, model, approvals, budget, runBudget } };
}

function refuseOtherHosts(agent: Agent, hosts: readonly string[]): void {
  const beyond = capabilitiesOf(agent, []).find(
    (right) =>
      right.kind === 'network' &&
      !(hosts.length > 0 && covers(readCapability(`network: ${hosts.join(', ')}`), right)),
  );
  if (!beyond) return;
  throw new Problem(
    'forbidden',
    `${writeCapability(beyond)} is more than this part of the run may reach.`,
    'Start the run with these hosts, or leave them out of its role.',
  );
}

/** Its rights and its opening, on the record; refused before that where its parent does not hold them. */
export async function issueSession(
  parts: AgentSessionParts,
  facts: AgentSessionFacts,
  row: OpeningRow,
  by: Actor,
  parentage: Parentage | null,
): Promise<void> {
  const { id, agent, folders, hosts, sandbox, unattended, parent, depth, part, runFolder, reviewed, payer } =
    facts;
  const rights = new SessionRights(parts.tokens, id, part);
  const { runBudget, ...shown } = row;
  const opened: Draft = {
    kind: 'session.opened',
    actor: by,
    scope: { session: id, agent: agent.name, ...part },
    data: {
      agent: agent.name,
      sandbox,
      folders: [...givenFolders(facts)],
      hosts: [...hosts],
      unattended,
      parent,
      depth,
      ...shown,
      ...(runFolder === null ? {} : { runFolder }),
      ...(reviewed === null ? {} : { reviewed: [...reviewed] }),
      ...(runBudget ? { runBudget } : {}),
      ...(payer ? { payer } : {}),
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
