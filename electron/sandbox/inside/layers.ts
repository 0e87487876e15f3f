import type { SandboxLayer } from '../../../shared/session.ts';
import type { SandboxPlan } from '../sandbox.ts';

/** The layers that hold alike in every executor, in words. */
export function layer(id: string, name: string, holds: SandboxLayer['holds'], detail: string): SandboxLayer {
  return { id, name, holds, detail };
}

export const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;

export function landlockLayer(version: number): SandboxLayer {
  const narrows = version < 3 ? ', though with no less than the session has' : '';
  return layer(
    'landlock',
    'Landlock',
    'kernel',
    `version ${version}; each command in a layer of its own${narrows}`,
  );
}

export function protectedLayers(masks: number, repositories: number): SandboxLayer[] {
  const many = repositories === 1 ? 'one repository' : `${repositories} repositories`;
  const parts = [
    ...(masks > 0 ? ['Holdfast’s own places are hidden'] : []),
    ...(repositories > 0 ? [`hooks and configuration of ${many} are read-only`] : []),
  ];
  return parts.length === 0 ? [] : [layer('protected', 'Protected places', 'kernel', parts.join('; '))];
}

export function networkLayer({ egress, loopback }: SandboxPlan): SandboxLayer {
  const own = loopback ? 'its own loopback' : 'none';
  const detail = egress ? 'none but by Holdfast’s proxy, host by host' : own;
  return layer('network', 'Network', 'kernel', detail);
}

export function socketsLayer({ unixSockets, folders }: SandboxPlan, hidden: number): SandboxLayer {
  const own =
    folders.length === 0
      ? 'its own'
      : `its own; ${hidden} in its folders are hidden, but not one that others make there later`;
  return layer('unix-sockets', 'Unix sockets', 'kernel', unixSockets ? own : 'none');
}

export const processesLayer = ({ limits }: SandboxPlan) =>
  layer('processes', 'Processes', 'kernel', `at most ${limits.processes}`);

export const unlimited = (id: string, name: string) => layer(id, name, 'no', 'no limit of its own');

export const scratchLayer = (bytes: number) =>
  layer('scratch', 'Temporary space', 'kernel', `at most ${mebibytes(bytes)} in memory, in fixed shares`);

export const watchedDiskLayer = (bytes: number) =>
  layer(
    'disk',
    'Disk',
    'watchdog',
    `ended when it has written ${mebibytes(bytes)} of temporary space, folders under review and folders of its own`,
  );
