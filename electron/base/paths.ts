import { createHash } from 'node:crypto';
import { homedir, userInfo } from 'node:os';
import { isAbsolute, type PlatformPath, posix, win32 } from 'node:path';

/** Where everything of one data folder lies. Computed from the environment, never probed on the disk. */
export interface Paths {
  readonly data: string;
  /** The gateway's socket for the command line; on Windows a named pipe. */
  readonly socket: string;
  readonly configuration: string;
  readonly log: string;
  readonly lock: string;
  /** Who holds the lock, in words; the lock itself is `lock`. */
  readonly holder: string;
  readonly operatorToken: string;
  readonly exports: string;
}

export interface PathSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  /** Where relative folders given by a person begin. */
  readonly folder: string;
}

export function systemPathSources(): PathSources {
  return {
    environment: process.env,
    platform: process.platform,
    // An empty or relative HOME would put the record wherever somebody happens to stand.
    home: isAbsolute(homedir()) ? homedir() : userInfo().homedir,
    folder: process.cwd(),
  };
}

/** The kernels take 103 bytes (macOS) or 107 (Linux); the name it is first bound to is eleven longer. */
const longestSocket = 92;

/** The XDG specification: a relative value counts as unset. */
function absolute(value: string | undefined, path: PlatformPath): string | undefined {
  return value && path.isAbsolute(value) ? value : undefined;
}

function homes({ environment, platform, home }: PathSources): { state: string; configuration: string } {
  if (platform === 'win32') {
    const local = absolute(environment['LOCALAPPDATA'], win32) ?? win32.join(home, 'AppData', 'Local');
    const roaming = absolute(environment['APPDATA'], win32) ?? win32.join(home, 'AppData', 'Roaming');
    return { state: local, configuration: roaming };
  }
  const support = posix.join(home, 'Library', 'Application Support');
  const [state, configuration] =
    platform === 'darwin'
      ? [support, support]
      : [posix.join(home, '.local', 'state'), posix.join(home, '.config')];
  return {
    state: absolute(environment['XDG_STATE_HOME'], posix) ?? state,
    configuration: absolute(environment['XDG_CONFIG_HOME'], posix) ?? configuration,
  };
}

export function pathsFor(given: string | undefined, sources: PathSources): Paths {
  const path = sources.platform === 'win32' ? win32 : posix;
  const { state, configuration } = homes(sources);
  const name = sources.platform === 'win32' ? 'Holdfast' : 'holdfast';
  const data = given === undefined ? path.join(state, name) : path.resolve(sources.folder, given);
  const hash = createHash('sha256').update(data).digest('hex').slice(0, 16);
  const runtime = absolute(sources.environment['XDG_RUNTIME_DIR'], path);
  return {
    data,
    socket: socketPath(sources, data, hash, runtime),
    configuration: path.join(configuration, name),
    log: path.join(data, 'logs', 'holdfast.log'),
    lock: path.join(data, 'instance.lock'),
    holder: path.join(data, 'instance.json'),
    operatorToken: path.join(data, 'operator.token'),
    exports: path.join(data, 'exports'),
  };
}

function socketPath(sources: PathSources, data: string, hash: string, runtime: string | undefined): string {
  if (sources.platform === 'win32') return `\\\\.\\pipe\\holdfast-${hash}`;
  if (runtime) return posix.join(runtime, 'holdfast', `${hash}.sock`);
  const beside = posix.join(data, 'run.sock');
  // A deep data folder would make an address that the kernel refuses: then it lies in a folder of this account's own.
  if (Buffer.byteLength(beside) <= longestSocket) return beside;
  return posix.join(sources.home, '.holdfast', `${hash}.sock`);
}
