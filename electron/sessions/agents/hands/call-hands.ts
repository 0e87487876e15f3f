import { posix } from 'node:path';
import type { Id } from '../../../../shared/ids.ts';
import { openEgress } from '../../../sandbox/open-egress.ts';
import { readHostPattern } from '../../../../shared/capability/host-pattern.ts';
import type { ChildHands, Hands } from '../../../tools/hands.ts';
import type { PutInScratch } from '../../hand-makers.ts';
import type { Tool } from '../../../tools/tool.ts';
import { SessionGate } from '../../running/session-gate.ts';
import { Problem } from '../../../../shared/problem.ts';
import { surroundingsOf } from '../surroundings.ts';
import type { SandboxKeeper } from '../sandbox-keeper.ts';
import { budgetsOf } from '../loop-parts.ts';
import type { LiveAgentSession } from '../live-agent-session.ts';
import { execIn, lookIn } from './exec-hands.ts';
import { fileHands, sandboxHome } from './file-hands.ts';
import { webHands } from '../../../tools/web-hands.ts';

/** Starts other agents for a call, and tells them things. */
export type ChildMaking = (call: Id<'call'>) => ChildHands;

/**
 * Below the sandbox’s own home, which no folder of the person’s is ever below: commands may always read it, and no
 * right of the agent’s is used for it.
 */
function putInScratch(
  sandbox: SandboxKeeper,
  files: Parameters<PutInScratch>[0],
  signal: AbortSignal,
): Promise<void> {
  return sandbox.use(async (standing) => {
    for (const { path, bytes } of files) {
      const whole = posix.normalize(path);
      if (!whole.startsWith(`${sandboxHome}/`)) throw new Problem('invalid_input', `${path} is no scratch.`);
      const folders = posix
        .dirname(whole)
        .slice(sandboxHome.length + 1)
        .split('/');
      for (const [i] of folders.entries()) {
        const folder = `${sandboxHome}/${folders.slice(0, i + 1).join('/')}`;
        await standing.files.makeFolder(folder).catch((thrown: unknown) => {
          if (Problem.of(thrown).code !== 'conflict') throw thrown;
        });
      }
      await standing.files.write(whole, bytes, { how: 'replace', mode: 0o755 });
    }
  }, signal);
}

const never = new AbortController().signal;

/** Everything that one call may touch the world with; each of it asks the session’s tokens first. */
export function callHands(live: LiveAgentSession, call: Id<'call'>, tool: Tool, signal: AbortSignal): Hands {
  const { parts, rooms, facts, rights, sandbox, connections, children } = live.needs;
  const { agent, id: session, folders } = facts;
  const folder = folders[0]?.path ?? null;
  const of = { agent, session, call, folders, budgets: () => budgetsOf(live) };
  const makers = rooms.hands;
  const run = (command: Parameters<Hands['exec']>[0], until: AbortSignal) =>
    execIn({ facts, rights, sandbox }, command, until);
  return {
    agent: agent.name,
    session,
    call,
    folder,
    now: () => parts.clock.now(),
    files: fileHands({ rights, open: parts.open, sandbox, folder, signal }),
    exec: (command) => run(command, signal),
    look: (command) => lookIn({ facts, rights, sandbox }, command, signal),
    async mayIn(kind, asked) {
      await rights.authorizePath(parts.open, { kind, path: asked });
    },
    get web() {
      const hosts = facts.hosts.map((text) => readHostPattern({ text, field: 'hosts', offset: 0 }));
      return webHands(openEgress(new SessionGate(rights, hosts, connections)));
    },
    get search() {
      return makers.search({
        authorize: () => rights.authorize({ kind: 'web_search' }),
        told: (happened) => connections.told(happened),
      });
    },
    get mail() {
      return makers.mail(of);
    },
    children: children(live)(call),
    person: {
      async ask(question, until) {
        const put = (approval: Id<'approval'>) => live.waitsFor(call, { approval, words: 'your answer' });
        try {
          const asked = { call, session, agent: agent.name, ...question, put };
          return await rooms.approvals.question(asked, until);
        } finally {
          live.waitsFor(call, null);
        }
      },
    },
    get jobs() {
      // A job goes on when its call is over.
      return makers.jobs(of, ({ argv, cwd, writes }) => run({ argv, cwd, writes }, never));
    },
    get notes() {
      return makers.notes(of);
    },
    get memory() {
      return makers.memory(of);
    },
    get skills() {
      return makers.skills(of, (files) => putInScratch(sandbox, files, signal));
    },
    surroundings: () => Promise.resolve(`${surroundingsOf(live)}\n\nThis was asked for by ${tool.name}.`),
  };
}
