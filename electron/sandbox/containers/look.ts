import type { MachineFinding } from '../../../shared/contract/house.ts';
import { Problem } from '../../../shared/problem.ts';
import { findSystemPlaces } from '../bubblewrap/system-places.ts';
import { baseImageFor } from './base-image.ts';
import type { Engine } from './engine.ts';
import { inspectedImage } from './image.ts';

/** What containers can be had here, as the engine itself says. */
export async function lookAtEngine(find: () => Promise<Engine>): Promise<MachineFinding[]> {
  const id = 'container.engine';
  const name = 'Container engine';
  let engine: Engine;
  try {
    engine = await find();
  } catch (thrown) {
    const { message, mend } = Problem.of(thrown);
    const more = mend === undefined ? {} : { mend };
    return [{ id, name, part: 'container', state: 'missing', detail: message, ...more }];
  }
  const way = engine.from === 'the usual place' ? engine.socket : `${engine.socket}, from ${engine.from}`;
  const kind = engine.rootless
    ? `${engine.name} ${engine.version}, rootless`
    : `${engine.name} ${engine.version}`;
  return [
    { id, name, part: 'container', state: 'ok', detail: `${kind} at ${way}` },
    limitsFinding(engine),
    await imageFinding(engine),
  ];
}

/** It needs no registry and takes no time worth waiting for, so that it is no fault where it is not there yet. */
async function imageFinding(engine: Engine): Promise<MachineFinding> {
  const finding = { id: 'container.image', name: 'Base image', part: 'container' as const };
  try {
    const { name } = baseImageFor(await findSystemPlaces());
    const there = await inspectedImage(engine, name);
    const detail = there
      ? `${name} is there; it shows this machine’s own system, read-only`
      : 'is made of this machine’s own system when a container first needs it, in about a second';
    return { ...finding, state: 'ok', detail };
  } catch (thrown) {
    return { ...finding, state: 'missing', detail: Problem.of(thrown).message };
  }
}

function limitsFinding({ holds, rootless, cgroup }: Engine): MachineFinding {
  const finding = { id: 'container.limits', name: 'Limits of containers', part: 'container' as const };
  const words = { memory: 'memory', cpus: 'processors', processes: 'processes' } as const;
  const each = Object.keys(words) as (keyof typeof words)[];
  // Podman says there that it holds them, and leaves them out without a word.
  const ignored = rootless && cgroup === '1' ? each : each.filter((limit) => !holds[limit]);
  if (ignored.length === 0) {
    const swap = holds.swap ? '' : '; swap is not counted';
    return {
      ...finding,
      state: 'ok',
      detail: `memory, processors and processes, by cgroup v${cgroup}${swap}`,
    };
  }
  return {
    ...finding,
    state: ignored.includes('processes') ? 'missing' : 'warning',
    detail: `this engine ignores limits of ${ignored.map((limit) => words[limit]).join(', ')}; what asks for one is refused`,
    mend: rootless
      ? 'Start the machine with cgroup v2 (systemd.unified_cgroup_hierarchy=1 on the kernel’s command line) and give the user its controllers: sudo systemctl set-property user-$(id -u).slice Delegate="cpu memory pids"'
      : 'Start the kernel with cgroup_enable=memory',
  };
}
