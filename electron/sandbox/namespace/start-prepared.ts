import { closeSync } from 'node:fs';
import { Problem } from '../../../shared/problem.ts';
import { filterArchitecture, filterFor } from '../filter/filter.ts';
import type { HelperReady } from '../helper/helper.ts';
import { placeOf } from '../grants/inside-place.ts';
import { shallowFirst } from '../grants/order.ts';
import { startHelper } from '../helper/start-helper.ts';
import { proxyAddress, sandboxEnvironment } from '../inside/environment.ts';
import { inside } from '../inside/made-up-files.ts';
import type { Mount } from '../bubblewrap/mounts.ts';
import type { OwnFolder, Sandbox } from '../sandbox.ts';
import { confinementFor } from './confinement.ts';
import { layersOf } from './layers.ts';
import { baseMounts, secretMounts } from './layout.ts';
import { ownerMark } from './owner-mark.ts';
import { identityOf, sameIdentity } from './pinned.ts';
import type { OwnPlace } from '../own-work.ts';
import type { Prepared } from './prepare.ts';
import type { ContainedProcess } from './process.ts';
import { NamespaceSandbox } from './sandbox.ts';
import { startProblemOf, startSandboxProcess } from './start.ts';
import type { Staging } from './staging.ts';
import { TerminalEnd } from './terminal.ts';
import { countedFolders } from '../totals/counted-folders.ts';
import { endOvertime } from '../totals/session-time.ts';
import { diskUseBefore, watchTotals } from '../totals/watchdog.ts';
import { memoryUse } from './memory-use.ts';

/** Starts what was prepared, and hands it over only when everything that holds it in was seen to be there. */
export async function startPrepared(prepared: Prepared): Promise<Sandbox> {
  const { plan, needs, used } = prepared;
  const { terminal, process } = startProcess(prepared);
  used.own(async () => {
    process.kill();
    await process.gone;
  });
  const egress = plan.egress ? needs.openEgress(plan.egress) : null;
  let broken: string | null = null;
  const kill = (why: string) => {
    broken ??= why;
    needs.log.warn({ session: plan.session, why }, 'the helper of a sandbox broke its word');
    process.kill();
  };
  const { toHelper, fromHelper } = process;
  const confinement = confinementOf(prepared, terminal instanceof TerminalEnd);
  const helper = startHelper({ toHelper, fromHelper, kill }, confinement, egress);
  const ready = await readyOrGone(helper.ready, process);
  refuseOthers(prepared, ready);
  const sandbox = new NamespaceSandbox({
    process,
    helper,
    egress,
    layers: layersOf(prepared, ready.landlock),
    proxy: plan.egress ? proxyAddress : null,
    landlock: ready.landlock,
    folder: plan.folders[0] ? placeOf(plan.folders[0]) : (plan.home ?? inside.home),
    terminal,
    broken: () => broken,
    clock: needs.clock,
    used,
  });
  used.own(endOvertime(needs.clock, plan.limits.seconds, (reason) => sandbox.end(reason)));
  await watch(prepared, process.pid, sandbox);
  return sandbox;
}

async function watch(
  { plan, needs, held, reviewed, used }: Prepared,
  pid: number,
  sandbox: NamespaceSandbox,
): Promise<void> {
  const watched = (by: string | null, bytes: number | null) => (by === 'watchdog' ? bytes : null);
  const totals = {
    memoryBytes: watched(held.memory, plan.limits.memoryBytes),
    diskBytes: watched(held.disk, plan.limits.diskBytes),
  };
  if (totals.memoryBytes === null && totals.diskBytes === null) return;
  const end = (reason: string) => sandbox.end(reason);
  const written = reviewed.flatMap(({ version }) => version ?? []);
  const folders = totals.diskBytes === null ? [] : [...written, ...countedFolders(plan)];
  const before = await diskUseBefore(folders);
  const measure = () => memoryUse(pid, plan.home);
  used.own(watchTotals({ clock: needs.clock, totals, measure, folders, before, end }));
}

/** The process, and its terminal where the plan asked for one: or why there is none. */
function startProcess(prepared: Prepared): {
  terminal: TerminalEnd | string | null;
  process: ContainedProcess;
} {
  const { plan, machine, needs, drop, held, helper, own, staging, used } = prepared;
  const pty = plan.terminal && needs.terminals();
  const { system } = machine;
  const base = { system, etc: prepared.etc, scratchBytes: held.scratchBytes, helper, home: plan.home };
  const mounts = [
    ...baseMounts(base),
    ...secretMounts(plan.secrets),
    ...own.map((place) => ownMount(place, drop ? staging : null)),
    ...grantedMounts(prepared.grants.mounts, plan.own ?? [], drop ? staging : null),
  ];
  const opened = plan.terminal && pty && 'open' in pty ? pty.open(plan.terminal) : null;
  try {
    const process = startSandboxProcess({
      bubblewrap: machine.bubblewrap,
      mounts,
      name: `${ownerMark(needs.data)}${plan.session}`,
      account: drop,
      terminal: opened?.slave ?? null,
      staged: staging.arguments(drop),
      helper: machine.helper,
      starter: needs.starter(),
    });
    if (!opened) return { terminal: pty && 'why' in pty ? pty.why : null, process };
    const terminal = new TerminalEnd(opened, needs.clock);
    used.own(() => terminal.close());
    return { terminal, process };
  } catch (failure) {
    if (opened) closeSync(opened.master);
    throw failure;
  } finally {
    if (opened) closeSync(opened.slave);
  }
}

/** The account cannot reach it by its path, unless it is our own. */
const ownMount = ({ path, at, writable }: OwnPlace, staging: Staging | null): Mount => ({
  what: 'bind',
  from: staging ? staging.place(path) : path,
  fd: null,
  at,
  writable,
});

/** What hides Holdfast's own is closed last: a folder that code gives stands within it. */
function grantedMounts(
  mounts: readonly Mount[],
  own: readonly OwnFolder[],
  staging: Staging | null,
): readonly Mount[] {
  if (own.length === 0) return mounts;
  const closing = (mount: Mount) => mount.what === 'read-only';
  const given = shallowFirst(own).map(({ path, fd, at = path, writable = true }): Mount => {
    const from = staging ? { from: staging.place(path), fd: null } : { from: path, fd };
    return { what: 'bind', ...from, at, writable };
  });
  return [...mounts.filter((mount) => !closing(mount)), ...given, ...mounts.filter(closing)];
}

function confinementOf({ plan, machine, grants, own }: Prepared, terminal: boolean) {
  return confinementFor({
    plan,
    system: machine.system,
    environment: sandboxEnvironment({
      network: plan.egress !== null,
      terminal,
      home: plan.home,
      added: plan.environment,
    }),
    filter: filterFor({
      arch: filterArchitecture(),
      inet: plan.egress !== null || plan.loopback,
      unix: plan.unixSockets,
    }),
    terminal,
    checked: [...grants.expected.keys(), ...(plan.own ?? []).map(placeOf)],
    own,
  });
}

async function readyOrGone(ready: Promise<HelperReady>, process: ContainedProcess): Promise<HelperReady> {
  const gone = process.gone.then((): never => {
    throw startProblemOf(process.said());
  });
  gone.catch(() => undefined);
  try {
    return await Promise.race([ready, gone]);
  } catch (failure) {
    process.kill();
    await gone.catch((problem: unknown) => {
      // What bubblewrap complained about says more than that its helper is silent.
      if (process.said() !== '') throw problem;
    });
    throw failure;
  }
}

/** Whether what stands inside is what was granted: a folder may have been swapped while it was being bound. */
function refuseOthers({ grants, plan }: Prepared, { places }: HelperReady): void {
  const own = (plan.own ?? []).map((folder) => [placeOf(folder), { is: identityOf(folder.fd) }] as const);
  for (const [path, expected] of [...grants.expected, ...own]) {
    const found = places.get(path);
    const right =
      found !== undefined &&
      ('is' in expected ? sameIdentity(found, expected.is) : !sameIdentity(found, expected.isNot));
    if (right) continue;
    throw new Problem(
      'conflict',
      `${path} was moved or replaced while the sandbox was being made.`,
      'Try again when nothing else is changing that folder.',
    );
  }
}
