import type { ContainerInspectInfo } from 'dockerode';
import { Problem } from '../../../shared/problem.ts';
import type { AskedContainer } from './container-options.ts';
import type { Engine } from './engine.ts';

/** What an engine does not say of a container is taken as not done. */
type Made = ContainerInspectInfo & {
  readonly HostConfig: {
    readonly Tmpfs?: Record<string, string>;
    readonly CapAdd?: readonly string[] | null;
  };
};

interface Difference {
  readonly what: string;
  readonly mend?: string;
}

const cgroupMend =
  'Use a machine with cgroup v2, where rootless engines hold limits, or an engine that runs as root.';

/** Refuses a container that is not what was asked for: engines leave out without a word what they cannot do. */
export function refuseDifferences(
  asked: AskedContainer,
  inspected: ContainerInspectInfo,
  engine: Engine,
): void {
  const [first, ...more] = differences(asked, inspected as Made, engine);
  if (!first) return;
  const all = [first, ...more].map(({ what }) => what).join('; ');
  throw new Problem(
    'unavailable',
    `${engine.name} ${engine.version} made a container that is not what was asked for: ${all}.`,
    first.mend ?? 'Use a newer engine or the other one, or a namespace sandbox.',
  );
}

function differences(asked: AskedContainer, made: Made, engine: Engine): Difference[] {
  const found: Difference[] = [];
  const expect = (holds: boolean, what: string, mend?: string) => {
    if (!holds) found.push(mend === undefined ? { what } : { what, mend });
  };
  const want = asked.HostConfig;
  const has = made.HostConfig;
  expect(has.ReadonlyRootfs === true, 'its root can be written');
  expect(has.Privileged !== true, 'it is privileged');
  expect(has.NetworkMode === 'none', 'it has a network');
  expect(addedTo(has).length === 0, 'it has capabilities');
  expect(
    securityOf(has).some((each: string) => each.startsWith('no-new-privileges')),
    'it may gain privileges',
  );
  expect(has.Init === true, 'it has no init');
  expect(made.Config.User === asked.User, 'it runs as another account');
  expect(has.LogConfig?.Type === 'none', 'its streams are logged');
  expect(has.PidsLimit === want.PidsLimit, 'the limit of processes is ignored', cgroupMend);
  if (want.Memory !== undefined) {
    expect(has.Memory === want.Memory, 'the limit of memory is ignored', cgroupMend);
    expect(
      !engine.holds.swap || has.MemorySwap === want.MemorySwap,
      'the limit of memory with swap is ignored',
      cgroupMend,
    );
  }
  if (want.NanoCpus !== undefined) {
    expect(cpusOf(has) === want.NanoCpus, 'the limit of processors is ignored', cgroupMend);
  }
  for (const [at, options] of Object.entries(want.Tmpfs)) {
    const size = /size=\d+/.exec(options)?.[0] ?? '';
    expect((has.Tmpfs?.[at] ?? '').split(',').includes(size), `the size of ${at} is ignored`);
  }
  for (const [name, value] of Object.entries(asked.Labels)) {
    expect(made.Config.Labels?.[name] === value, 'it does not bear its labels');
  }
  return [...found, ...mountDifferences(asked, made)];
}

const addedTo = (has: Made['HostConfig']): readonly string[] =>
  (has.CapAdd as readonly string[] | null | undefined) ?? [];

const securityOf = (has: Made['HostConfig']): readonly string[] =>
  (has.SecurityOpt as readonly string[] | null | undefined) ?? [];

/** Either as it was asked, or as a share of a period. */
function cpusOf(has: Made['HostConfig']): number | undefined {
  if (has.NanoCpus) return has.NanoCpus;
  const { CpuQuota: quota, CpuPeriod: period } = has;
  return quota && period ? Math.round((quota / period) * 1e9) : undefined;
}

function mountDifferences(asked: AskedContainer, made: Made): Difference[] {
  const found: Difference[] = [];
  const wanted = new Map(asked.HostConfig.Mounts.map((mount) => [mount.Target, mount]));
  const temporary = asked.HostConfig.Tmpfs;
  for (const mount of made.Mounts) {
    const want = wanted.get(mount.Destination);
    if (!want) {
      const is = mount as { Type?: string };
      if (is.Type !== 'tmpfs' || !Object.hasOwn(temporary, mount.Destination)) {
        found.push({ what: `something unasked stands at ${mount.Destination}` });
      }
      continue;
    }
    wanted.delete(mount.Destination);
    if (want.ReadOnly && mount.RW) found.push({ what: `${mount.Destination} can be written` });
    if (want.Type === 'bind' && mount.Source !== want.Source) {
      found.push({ what: `something else stands at ${mount.Destination}` });
    }
  }
  for (const at of wanted.keys()) found.push({ what: `nothing stands at ${at}` });
  return found;
}
