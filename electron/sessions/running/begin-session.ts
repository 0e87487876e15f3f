import { createHash } from 'node:crypto';
import { writeHostPattern } from '../../../shared/capability/host-pattern.ts';
import type { Draft } from '../../../shared/events/catalogue.ts';
import type { Actor } from '../../../shared/events/event.ts';
import type { Id } from '../../../shared/ids.ts';
import { Problem } from '../../../shared/problem.ts';
import type { Outcome, SessionWish } from '../../../shared/session.ts';
import type { Executor, SandboxPlan } from '../../sandbox/sandbox.ts';
import { type Ending, failedOutcome, outcomeOf } from '../outcome.ts';
import { closeFolders, type OpenFolder } from '../preparing/granted-folders.ts';
import { rightsFor, SessionRights } from '../preparing/session-rights.ts';
import { SessionFolder } from '../session-folder.ts';
import type { SessionParts } from '../session-parts.ts';
import { Transcript } from '../viewing/transcript.ts';
import { Connections } from './connections.ts';
import { launch, type Launched } from './launch.ts';
import { LiveSession } from './live-session.ts';
import { putAway } from './putting-away.ts';
import { SessionGate } from './session-gate.ts';
import type { Working } from './working.ts';

/** A wish that was checked, with its folders open. */
export interface Asked {
  readonly id: Id<'session'>;
  readonly wish: SessionWish;
  readonly by: Actor;
  readonly folders: readonly OpenFolder[];
  readonly cwd: string | null;
  readonly ownPlaces: readonly string[];
  readonly executor: Executor;
  /** Of a command agent at work on a repository. */
  readonly working?: Working | undefined;
}

export interface Begun {
  readonly live: LiveSession;
  /** Resolves when the command is at work; rejects where it never came to that, when all is put away again. */
  readonly started: Promise<void>;
  /** Resolves when it is over and put away; where the record did not take its end, with what tries again. */
  readonly over: Promise<(() => Promise<void>) | null>;
}

const system = { kind: 'system' } as const;

/** Begins one session: what is wanted is on the record before anything is prepared, and its command before it runs. */
export async function beginSession(parts: SessionParts, asked: Asked, changed: () => void): Promise<Begun> {
  const { id, wish, by, folders } = asked;
  const rights = new SessionRights(parts.tokens, id);
  const folder = new SessionFolder(parts.data, id);
  const begun = parts.clock.now();
  let isRequested = false;
  try {
    await Promise.all([
      parts.record.append(requested(asked)).then(() => (isRequested = true)),
      rights.issue(rightsFor(wish.argv, folders, wish.hosts), by),
    ]);
    // Only now: what a killed life left is found by the record alone.
    await folder.make(isUnderReview(wish));
  } catch (thrown) {
    closeFolders(folders);
    const outcome = failedOutcome(thrown);
    const nothing = { underReview: 'no', transcript: null, invoked: null } as const;
    const away = isRequested
      ? putAway(parts, { session: id, folder, rights, outcome, begun, ...nothing })
      : // Without a word on the record there is no session; what it was given meanwhile goes.
        rights.end('the session could not begin', system);
    await away.catch((failure: unknown) => {
      parts.log.error({ err: failure, session: id }, 'what a session that never began was given remains');
    });
    throw thrown;
  }
  const connections = new Connections({ ...parts, session: id });
  const serve = asked.working?.serve ?? null;
  const isOut = wish.hosts.length > 0 || serve !== null;
  const gate = isOut ? new SessionGate(rights, wish.hosts, connections, serve) : null;
  const transcript = await Transcript.begin({
    ...parts,
    path: folder.transcript,
    size: wish.terminal,
    secrets: [...parts.vault.values(), ...(asked.working?.secrets ?? [])],
  });
  const classify = asked.working?.outcomeOf ?? outcomeOf;
  const live = new LiveSession({ id, wish, ...parts, transcript, gate, changed, outcomeOf: classify });
  const started = Promise.withResolvers<void>();
  const over = lifeOf(parts, asked, { rights, folder, connections, gate, transcript, live, started });
  // Whoever waits for the end hears of it; a failure on the way is told by `started` and the outcome.
  started.promise.catch(() => undefined);
  return { live, started: started.promise, over };
}

interface Made {
  readonly rights: SessionRights;
  readonly folder: SessionFolder;
  readonly connections: Connections;
  readonly gate: SessionGate | null;
  readonly transcript: Transcript;
  readonly live: LiveSession;
  readonly started: PromiseWithResolvers<void>;
}

async function lifeOf(parts: SessionParts, asked: Asked, made: Made): Promise<(() => Promise<void>) | null> {
  const { rights, folder, connections, gate, transcript, live, started } = made;
  const { id, wish } = asked;
  let outcome: Outcome;
  let failure: unknown;
  let isTorn = true;
  try {
    const launched = await launchAsked(parts, asked, made);
    started.resolve();
    outcome = await followed(live, launched, () => (isTorn = false));
  } catch (thrown) {
    failure = live.ending ? endedBefore(live.ending, thrown) : thrown;
    outcome = live.ending ? outcomeOf({ how: 'cancelled' }, live.ending) : failedOutcome(thrown);
  }
  gate?.end();
  await connections.end();
  const ended = parts.clock.now();
  const away = { session: id, folder, rights, outcome, begun: live.begun, ended, invoked: wish.sandbox };
  const underReview = isUnderReview(wish) ? 'counted' : 'no';
  const recorded = await transcript.end();
  const worked = (await asked.working?.ended()) ?? {};
  const again = () => putAway(parts, { ...away, ...worked, underReview, transcript: recorded });
  const isAway = await again().then(
    () => true,
    (thrown: unknown) => {
      parts.log.error({ err: thrown, session: id }, 'the end of a session is not on the record');
      return false;
    },
  );
  await asked.working?.over(outcome, isAway && isTorn);
  live.ended(outcome);
  if (failure !== undefined) started.reject(failure);
  return isAway ? null : again;
}

function endedBefore({ reason }: Ending, cause: unknown): Problem {
  return new Problem('cancelled', `It was ended before its command ran: ${reason}.`, undefined, { cause });
}

/** Whatever happens while it runs, its sandbox is taken down. */
async function followed(live: LiveSession, launched: Launched, untorn: () => void): Promise<Outcome> {
  try {
    return await live.run(launched);
  } finally {
    await launched.sandbox.teardown().catch((thrown: unknown) => {
      untorn();
      throw thrown;
    });
  }
}

/** From the plan to the command at work. */
async function launchAsked(
  parts: SessionParts,
  asked: Asked,
  { rights, folder, gate, live }: Made,
): Promise<Launched> {
  const { id, wish, folders, executor, working } = asked;
  const life = { folder, signal: live.signal, tell: (words: string) => live.tell(words) };
  const ground = await working?.ready(life).catch((thrown: unknown) => {
    closeFolders(folders);
    throw thrown;
  });
  const { own = [], home, cwd = asked.cwd, variables = {} } = ground ?? {};
  const plan: SandboxPlan = {
    session: id,
    folders: folders.map(({ path, at, mode, opened }) => ({ path, at, mode, fd: opened.fd })),
    own,
    home,
    egress: gate,
    loopback: wish.loopback,
    unixSockets: wish.unixSockets,
    limits: wish.limits,
    image: wish.image,
    terminal: wish.terminal,
    environment: wish.environment,
    secrets: secretsOf(wish, parts),
    masked: asked.ownPlaces,
    scratch: folder.scratch,
    kept: folder.kept,
  };
  const intended = (async () => {
    for (const { opened, mode } of folders) {
      await rights.authorize({ kind: 'file_read', path: opened.path });
      if (mode !== 'ro') await rights.authorize({ kind: 'file_write', path: opened.path });
    }
    await rights.authorize({ kind: 'exec', argv: wish.argv });
    await parts.record.append(invoked(asked));
  })();
  intended.catch(() => undefined);
  const launched = await launch(
    executor,
    { plan, command: { argv: wish.argv, cwd, environment: variables }, folders },
    intended,
    live.signal,
    (words) => live.tell(words),
  ).finally(() => ground?.close());
  const { layers } = launched.sandbox;
  try {
    await parts.record.append({
      kind: 'session.started',
      actor: system,
      scope: { session: id },
      data: { sandbox: wish.sandbox, layers: [...layers] },
    });
    return launched;
  } catch (thrown) {
    await launched.sandbox.teardown();
    throw thrown;
  }
}

function isUnderReview({ folders }: SessionWish): boolean {
  return folders.some(({ mode }) => mode === 'review');
}

function secretsOf({ secrets }: SessionWish, { vault }: SessionParts): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(secrets).map(([file, name]) => [file, Buffer.from(vault.get(name) ?? '')]),
  );
}

function requested({ id, wish, by, folders, working }: Asked): Draft {
  const { argv, sandbox, image, hosts, loopback, unixSockets, secrets, terminal, limits } = wish;
  return {
    kind: 'session.requested',
    actor: by,
    scope: { session: id },
    data: {
      argv,
      sandbox,
      image,
      folders: folders.map(({ path, mode }) => ({ path, mode })),
      hosts: hosts.map(writeHostPattern),
      loopback,
      unixSockets,
      secrets: Object.values(secrets),
      terminal: terminal !== null,
      limits,
      ...(working ? { work: working.requested } : {}),
    },
  };
}

function invoked({ id, wish: { argv, sandbox } }: Asked): Draft {
  const inputHash = createHash('sha256').update(JSON.stringify(argv)).digest('hex');
  const preview = argv.join(' ').slice(0, 2000).toWellFormed();
  return {
    kind: 'tool.invoked',
    actor: { kind: 'agent', id },
    scope: { session: id },
    data: { tool: 'shell', inputHash, preview, surface: sandbox },
  };
}
