import { lstat } from 'node:fs/promises';
import type { MountSettings } from 'dockerode';
import { Problem } from '../../../shared/problem.ts';
import type { Engine } from './engine.ts';

/** What stands where in a container. */
export type ContainerMount =
  | {
      readonly what: 'bind';
      readonly from: string;
      readonly at: string;
      readonly writable: boolean;
      /** Which thing is meant; null for this machine's own system, which no session can change. */
      readonly thing: Thing | null;
    }
  | {
      readonly what: 'tmpfs';
      readonly at: string;
      readonly bytes: number;
      readonly mode: number;
      readonly writable: boolean;
    }
  | { readonly what: 'volume'; readonly name: string; readonly at: string; readonly writable: boolean };

/** A file or folder by what it is, whatever its path comes to mean. */
export interface Thing {
  readonly device: bigint;
  readonly inode: bigint;
}

export async function thingAt(path: string): Promise<Thing> {
  const facts = await lstat(path, { bigint: true }).catch((thrown: unknown) => {
    throw new Problem('conflict', `${path} changed while the sandbox was being prepared.`, 'Try again.', {
      cause: thrown,
    });
  });
  return { device: facts.dev, inode: facts.ino };
}

/** The engine's own form. Temporary file systems have theirs, because the other has no options. */
export function mountSettings(
  mounts: readonly ContainerMount[],
  { name }: Pick<Engine, 'name'>,
): MountSettings[] {
  return mounts.flatMap((mount): MountSettings[] => {
    if (mount.what === 'tmpfs') return [];
    // Podman writes them as one line of fields, parted by commas.
    const paths = mount.what === 'bind' ? [mount.from, mount.at] : [mount.at];
    const unfit = paths.find((path) => /[,"\n\r]/.test(path));
    if (unfit !== undefined && name === 'Podman') {
      throw new Problem(
        'invalid_input',
        `The folder ${unfit} cannot be given to a container of Podman: its name has a comma, a quote or a line end.`,
        'Rename it, or use a namespace sandbox or Docker.',
      );
    }
    if (mount.what === 'volume') {
      return [
        {
          Type: 'volume',
          Source: mount.name,
          Target: mount.at,
          ReadOnly: !mount.writable,
          VolumeOptions: volumeAsItIs,
        },
      ];
    }
    return [
      {
        Type: 'bind',
        Source: mount.from,
        Target: mount.at,
        ReadOnly: !mount.writable,
        BindOptions: { Propagation: 'rprivate' },
      },
    ];
  });
}

const volumeAsItIs = { NoCopy: true, Labels: {}, DriverConfig: { Name: 'local', Options: {} } };

export function tmpfsSettings(mounts: readonly ContainerMount[]): Record<string, string> {
  return Object.fromEntries(
    mounts.flatMap((mount) => (mount.what === 'tmpfs' ? [[mount.at, tmpfsOptions(mount)]] : [])),
  );
}

const tmpfsOptions = ({ bytes, mode, writable }: ContainerMount & { what: 'tmpfs' }): string =>
  [
    writable ? 'rw' : 'ro',
    // What is built there must also run; nothing there may gain rights or be a device.
    writable ? 'exec' : 'noexec',
    'nosuid',
    'nodev',
    `size=${bytes}`,
    `mode=${mode.toString(8).padStart(4, '0')}`,
  ].join(',');
