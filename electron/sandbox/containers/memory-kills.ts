import { readFile } from 'node:fs/promises';
import type { CommandEnd, RunningCommand } from '../sandbox.ts';
import { parseMounts } from '../grants/mount-table.ts';

/** How many processes the kernel has killed because a container went over its limit of memory. */
export type MemoryKills = () => Promise<number>;

const killSignal = 9;

/** Found by the container's first process; where this machine does not tell, none were killed. */
export async function memoryKillsOf(pid: number): Promise<MemoryKills> {
  const file = await countFile(pid).catch(() => undefined);
  return async () => {
    if (file === undefined) return 0;
    const text = await readFile(file, 'utf8').catch(() => '');
    return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
  };
}

async function countFile(pid: number): Promise<string | undefined> {
  const lines = (await readFile(`/proc/${pid}/cgroup`, 'utf8')).split('\n').map((line) => line.split(':'));
  const older = lines.find(([, controllers = '']) => controllers.split(',').includes('memory'));
  const path = (older ?? lines.find(([number]) => number === '0'))?.slice(2).join(':');
  if (path === undefined) return undefined;
  const at = await mountOf(older === undefined ? 'cgroup2' : 'memory');
  return at && `${at}${path}/${older === undefined ? 'memory.events' : 'memory.oom_control'}`;
}

/** Where the control groups of this kind are. */
async function mountOf(kind: 'cgroup2' | 'memory'): Promise<string | undefined> {
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  const line = table.split('\n').find((each) => {
    const [type, , options = ''] = (each.split(' - ')[1] ?? '').split(' ');
    return kind === 'cgroup2'
      ? type === 'cgroup2'
      : type === 'cgroup' && options.split(',').includes('memory');
  });
  return line === undefined ? undefined : parseMounts(line)[0]?.at;
}

/** The same command; its end says so where something of it was killed because there was no memory left. */
export function explained(command: RunningCommand, kills: MemoryKills, before: number): RunningCommand {
  const explain = async (end: CommandEnd): Promise<CommandEnd> => {
    if (end.how !== 'signalled' && end.how !== 'exited') return end;
    const killed = end.how === 'signalled' ? end.signal === killSignal : end.code !== 0;
    if (!killed || (await kills()) <= before) return end;
    return { ...end, reason: 'the session went over its limit of memory' };
  };
  return {
    output: command.output,
    ended: command.ended.then(explain),
    write: (bytes) => command.write(bytes),
    endInput: () => command.endInput(),
    signal: (signal) => command.signal(signal),
    cancel: () => command.cancel(),
  };
}
