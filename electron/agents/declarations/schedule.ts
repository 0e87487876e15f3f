import type { Declaration } from '../../../shared/agent.ts';
import { type AgentSchedule, agentScheduleSchema } from '../../../shared/schedule.ts';
import { timingProblem } from '../../base/cron.ts';

const short = /^scheduled\((.+)\)$/s;

/** The schedule of an agent: its own field, or the short form in its lifecycle. */
export function scheduleOf({ schedule, lifecycle }: Declaration): AgentSchedule | undefined {
  const [, cron] = short.exec(lifecycle ?? '') ?? [];
  const said = schedule ?? (cron === undefined ? undefined : { cron });
  if (said === undefined) return undefined;
  return agentScheduleSchema.parse({
    timing: { cron: said.cron, zone: said.zone ?? null },
    policy: {
      overlap: said.overlap,
      catchUp: said.catch_up,
      jitterSeconds: said.jitter_seconds,
      backOff: said.back_off,
      pauseAfter: said.pause_after,
    },
    task: said.task ?? null,
    workUnit: said.work_unit ?? null,
    unattended: said.unattended ?? 'wait',
  });
}

/** What is wrong with the schedule of one file, each field by itself. */
export function scheduleProblems({ name, schedule, lifecycle, command }: Declaration) {
  const found: { path: readonly PropertyKey[]; message: string }[] = [];
  const [, cron] = short.exec(lifecycle ?? '') ?? [];
  const check = (path: readonly PropertyKey[], timing: { cron: string; zone: string | null }) => {
    const problem = timingProblem(timing);
    if (problem !== null) found.push({ path, message: `The schedule of “${name}” ${problem}` });
  };
  if (cron !== undefined) check(['lifecycle'], { cron, zone: null });
  if (!schedule) return found;
  if (cron !== undefined) {
    found.push({
      path: ['lifecycle'],
      message: `“${name}” says its schedule twice: here and in “schedule”.`,
    });
  }
  check(['schedule', schedule.zone === undefined ? 'cron' : 'zone'], {
    cron: schedule.cron,
    zone: schedule.zone ?? null,
  });
  if (schedule.work_unit !== undefined && !command) {
    found.push({
      path: ['schedule', 'work_unit'],
      message: `“${name}” is no command: only those are handed work units. Give it a “task”.`,
    });
  }
  if (schedule.work_unit !== undefined && schedule.task !== undefined) {
    found.push({
      path: ['schedule', 'work_unit'],
      message: `“${name}” is handed a task or a work unit, not both.`,
    });
  }
  return found;
}
