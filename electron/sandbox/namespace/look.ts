import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { MachineFinding } from '../../../shared/contract/house.ts';
import { Problem } from '../../../shared/problem.ts';
import { askBubblewrap, type Bubblewrap, findBubblewrap } from '../bubblewrap/find-bubblewrap.ts';
import { namespaceArguments } from '../bubblewrap/namespaces.ts';
import { findSystemPlaces } from '../bubblewrap/system-places.ts';
import { needHelper } from '../helper/find-helper.ts';
import { type Account, accountFor } from './account.ts';
import { type PseudoTerminals, pseudoTerminalMend } from './pseudo-terminal.ts';
import { overlaysWork } from './overlay-trial.ts';

const run = promisify(execFile);

interface Needs {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly uid: () => number | null;
  readonly self: Account;
  readonly terminals: () => PseudoTerminals;
  readonly bubblewrap?: string;
}

type Finding = Omit<MachineFinding, 'part'>;

/** Each layer of a namespace sandbox, tried rather than looked up. */
export async function lookAtNamespaces(needs: Needs): Promise<MachineFinding[]> {
  const findings = await lookAll(needs);
  return findings.map((finding) => ({ ...finding, part: 'namespace' }));
}

async function lookAll(needs: Needs): Promise<Finding[]> {
  if (process.platform !== 'linux') {
    const detail = 'only Linux has what they are made of';
    return [
      {
        id: 'namespaces',
        name: 'Namespace sandboxes',
        state: 'missing',
        detail,
        mend: 'Use containers here.',
      },
    ];
  }
  const bubblewrap = await (
    needs.bubblewrap === undefined
      ? findBubblewrap(needs.environment['PATH'])
      : askBubblewrap(needs.bubblewrap)
  ).catch((failure: unknown) => Problem.of(failure));
  const account = await accountFor({
    ...needs.self,
    chosen: needs.uid(),
    environment: needs.environment,
  }).catch((failure: unknown) => Problem.of(failure));
  const drop = account instanceof Problem || account.uid === needs.self.uid ? null : account;
  return [
    bubblewrapFinding(bubblewrap),
    ...(bubblewrap instanceof Problem ? [] : [await namespaces(bubblewrap, drop)]),
    ...(await helperAndKernel(drop)),
    ...(needs.self.uid === 0 ? [accountFinding(account)] : []),
    terminals(needs.terminals()),
    totals(),
  ];
}

function bubblewrapFinding(found: Bubblewrap | Problem): Finding {
  const finding = { id: 'bubblewrap', name: 'bubblewrap' };
  if (found instanceof Problem) return { ...finding, ...missing(found) };
  const how = found.bindsByDescriptor
    ? ''
    : ', without binds by descriptor: what is bound is compared afterwards';
  return { ...finding, state: 'ok', detail: `${found.version}, ${found.path}${how}` };
}

function missing(problem: Problem): Pick<Finding, 'state' | 'detail' | 'mend'> {
  return { state: 'missing', detail: problem.message, ...(problem.mend ? { mend: problem.mend } : {}) };
}

/** Makes a sandbox and runs the smallest program in it. */
async function namespaces(bubblewrap: Bubblewrap, drop: Account | null): Promise<Finding> {
  const finding = { id: 'namespaces', name: 'User namespaces' };
  const system = await findSystemPlaces();
  const argv = [
    ...namespaceArguments(bubblewrap),
    ...system.folders.flatMap((folder) => ['--ro-bind', folder, folder]),
    ...system.links.flatMap(({ at, to }) => ['--symlink', to, at]),
    '--proc',
    '/proc',
    '--',
    'true',
  ];
  try {
    await run(bubblewrap.path, argv, { env: { PATH: '/usr/bin:/bin' }, timeout: 10_000, ...drop });
    return { ...finding, state: 'ok', detail: 'a sandbox was made and left again' };
  } catch (failure) {
    const said = failure instanceof Error && 'stderr' in failure ? String(failure.stderr).trim() : '';
    const lastLine = said.split('\n').at(-1) ?? '';
    const detail = lastLine === '' ? 'bubblewrap failed' : lastLine.slice(0, 300);
    return { ...finding, state: 'missing', detail, mend: await namespaceMend(bubblewrap.path) };
  }
}

const switchOf = (path: string) =>
  readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );

/** Which switch of the kernel forbids them, and how to set it. */
async function namespaceMend(bubblewrap: string): Promise<string> {
  if ((await switchOf('/proc/sys/user/max_user_namespaces')) === '0') {
    return 'sudo sysctl -w user.max_user_namespaces=15000';
  }
  if ((await switchOf('/proc/sys/kernel/unprivileged_userns_clone')) === '0') {
    return 'sudo sysctl -w kernel.unprivileged_userns_clone=1';
  }
  if ((await switchOf('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')) === '1') {
    return appArmorMend(bubblewrap);
  }
  return 'Inside a container, allow it user namespaces (for Docker: `--security-opt seccomp=unconfined --security-opt systempaths=unconfined`), or use container sandboxes.';
}

/** Ubuntu lets only programs make them that have a profile which says so. */
export function appArmorMend(bubblewrap: string): string {
  const lines = [
    'abi <abi/4.0>,',
    'include <tunables/global>',
    `profile bwrap ${bubblewrap} flags=(unconfined) {`,
    '  userns,',
    '}',
  ];
  const text = lines.map((line) => `'${line}'`).join(' ');
  return `printf '%s\\n' ${text} | sudo tee /etc/apparmor.d/bwrap && sudo apparmor_parser -r /etc/apparmor.d/bwrap`;
}

async function helperAndKernel(drop: Account | null): Promise<Finding[]> {
  const finding = { id: 'helper', name: 'Sandbox helper' };
  let helper: string;
  try {
    helper = needHelper();
  } catch (failure) {
    return [{ ...finding, ...missing(Problem.of(failure)) }];
  }
  const { stdout } = await run(helper, ['probe'], { env: {}, timeout: 10_000 });
  const probed = JSON.parse(stdout) as { landlock: number; seccomp: boolean };
  return [
    { ...finding, state: 'ok', detail: helper },
    landlock(probed.landlock),
    probed.seccomp
      ? { id: 'seccomp', name: 'System-call filter', state: 'ok', detail: 'the kernel takes filters' }
      : {
          id: 'seccomp',
          name: 'System-call filter',
          state: 'missing',
          detail: 'the kernel takes no filters',
          mend: 'Use a kernel built with CONFIG_SECCOMP_FILTER.',
        },
    await overlay(helper, drop),
  ];
}

function landlock(version: number): Finding {
  const finding = { id: 'landlock', name: 'Landlock' };
  if (version >= 3) return { ...finding, state: 'ok', detail: `version ${version}` };
  const mend = 'Use Linux 6.2 or later, with landlock in its list of security modules (`lsm=landlock,…`).';
  return version === 0
    ? { ...finding, state: 'missing', detail: 'the kernel has none, or it is switched off', mend }
    : {
        ...finding,
        state: 'warning',
        detail: `version ${version}: one call cannot get less than its session`,
        mend,
      };
}

async function overlay(helper: string, drop: Account | null): Promise<Finding> {
  const finding = { id: 'overlay', name: 'Overlays for review' };
  return (await overlaysWork(helper, drop))
    ? { ...finding, state: 'ok', detail: 'folders under review are not copied' }
    : {
        ...finding,
        state: 'warning',
        detail: 'not for this account here: folders under review are copied',
        mend: 'Use Linux 5.13 or later, and let the sandbox helper make user namespaces.',
      };
}

function accountFinding(account: Account | Problem): Finding {
  const finding = { id: 'sandbox-account', name: 'Account of sandboxes' };
  if (account instanceof Problem) return { ...finding, ...missing(account) };
  return { ...finding, state: 'ok', detail: `uid ${account.uid}, since Holdfast runs as root` };
}

function terminals(loaded: PseudoTerminals): Finding {
  const finding = { id: 'terminals', name: 'Terminals' };
  return 'open' in loaded
    ? { ...finding, state: 'ok', detail: 'node-pty' }
    : {
        ...finding,
        state: 'warning',
        detail: 'pipes instead: node-pty’s compiled part is missing',
        mend: pseudoTerminalMend,
      };
}

function totals(): Finding {
  const detail =
    'of memory and disk by a watchdog, where a person agrees; containers hold memory by the kernel';
  return { id: 'totals', name: 'Totals', state: 'ok', detail };
}
