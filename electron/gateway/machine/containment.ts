import { readFile } from 'node:fs/promises';
import type { MachineFinding } from '../../../shared/contract/house.ts';
import { findProgram } from '../../base/find-program.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export async function bubblewrap(environment: Environment): Promise<MachineFinding> {
  const path = await findProgram('bwrap', environment['PATH']);
  const finding = { id: 'bubblewrap', name: 'bubblewrap' };
  return path
    ? { ...finding, state: 'ok', detail: path }
    : {
        ...finding,
        state: 'missing',
        detail: 'not found on the search path',
        mend: 'sudo apt install bubblewrap',
      };
}

async function kernelSwitch(path: string): Promise<string | undefined> {
  // A kernel without this switch has no such file.
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}

export async function userNamespaces(): Promise<MachineFinding> {
  const finding = { id: 'namespaces', name: 'User namespaces' };
  const most = await kernelSwitch('/proc/sys/user/max_user_namespaces');
  if (most === undefined || most === '0') {
    return {
      ...finding,
      state: 'missing',
      detail: 'the kernel allows none',
      mend: 'sudo sysctl user.max_user_namespaces=15000',
    };
  }
  if ((await kernelSwitch('/proc/sys/kernel/unprivileged_userns_clone')) === '0') {
    return {
      ...finding,
      state: 'warning',
      detail: 'only root may make them',
      mend: 'sudo sysctl kernel.unprivileged_userns_clone=1',
    };
  }
  if ((await kernelSwitch('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')) === '1') {
    return {
      ...finding,
      state: 'warning',
      detail: 'AppArmor restricts them',
      mend: 'Install an AppArmor profile that lets bubblewrap use them',
    };
  }
  return { ...finding, state: 'ok', detail: `up to ${most}` };
}

export async function containerEngine(environment: Environment): Promise<MachineFinding> {
  const finding = { id: 'containers', name: 'Container engine' };
  const paths = await Promise.all(['docker', 'podman'].map((name) => findProgram(name, environment['PATH'])));
  const found = paths.filter((path) => path !== undefined);
  return found.length > 0
    ? { ...finding, state: 'ok', detail: found.join(', ') }
    : {
        ...finding,
        state: 'missing',
        detail: 'neither docker nor podman found',
        mend: 'sudo apt install podman',
      };
}
