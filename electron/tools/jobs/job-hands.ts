import type { Actor } from '../../../shared/events/event.ts';
import type { HandsOf, RunLine } from '../hand-makers.ts';
import type { JobHands } from '../hands.ts';
import { noJob, type Jobs } from './jobs.ts';

/** The jobs of one session; another’s are not there. */
export function jobHands(jobs: Jobs, of: HandsOf, run: RunLine): JobHands {
  const { agent, session } = of;
  const by: Actor = { kind: 'agent', id: agent.name };
  const own = async (id: string) => {
    const job = await jobs.get(id);
    if (job.session !== session) throw noJob(id);
    return job;
  };
  return {
    submit: (wish) => jobs.submit(of, wish, run),
    get: own,
    list: (labels) =>
      Promise.resolve(
        jobs
          .list(session)
          .filter((job) => Object.entries(labels).every(([name, value]) => job.labels[name] === value)),
      ),
    async cancel(id) {
      await own(id);
      return jobs.cancel(id, 'the agent cancelled it', by);
    },
    async *watch(id, signal) {
      await own(id);
      yield* jobs.watch(id, signal);
    },
  };
}
