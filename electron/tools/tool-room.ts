import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Later } from '../base/later.ts';
import type { Log } from '../base/log.ts';
import type { ModelRoom } from '../models/model-room.ts';
import type { Vault } from '../store/vault.ts';
import type { HandMakers } from './hand-makers.ts';
import { jobHands } from './jobs/job-hands.ts';
import { Jobs } from './jobs/jobs.ts';
import { mailHands } from './mail/mail-hands.ts';
import { Embedder } from './memory/embedder.ts';
import { Memories } from './memory/memories.ts';
import { memoryHands } from './memory/memory-hands.ts';
import { noteHands } from './notes/note-hands.ts';
import { Notes } from './notes/notes.ts';
import { promptParts } from './prompt-parts.ts';
import { skillHands } from './skills/skill-hands.ts';
import { Skills } from './skills/skills.ts';

export interface ToolRoomNeeds {
  readonly record: AuditRecord;
  readonly vault: Pick<Vault, 'get'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly models: Later<Pick<ModelRoom, 'embeddings'>>;
  /** The skills that Holdfast brings, and the person’s own. */
  readonly skills: { readonly bundled: string; readonly own: string };
}

/** What tools keep between calls: notes, memories, skills and jobs; and the hands that are made of them. */
export class ToolRoom {
  readonly notes: Notes;
  readonly memories: Memories;
  readonly skills: Skills;
  readonly jobs: Jobs;
  readonly hands: HandMakers;

  constructor(needs: ToolRoomNeeds) {
    const { record, clock, log, skills: folders, models } = needs;
    const embedder = new Embedder({
      clock,
      model: () => record.settings()['memory.embeddings'],
      ask: async (ref, text, by) => (await models()).embeddings.embed(ref, text, by),
    });
    this.notes = new Notes(record);
    this.memories = new Memories({ record, clock, log, embedder });
    this.skills = new Skills({ record, clock, ...folders });
    this.jobs = new Jobs(record, clock, log);
    this.hands = this.#hands(needs);
  }

  /** From now on what ends is left open on the record, for the next life to find it lost. */
  leave(): void {
    this.jobs.leave();
  }

  async close(): Promise<void> {
    await this.jobs.close();
    this.memories.close();
  }

  #hands({ record, vault, log }: ToolRoomNeeds): HandMakers {
    const { notes, memories, skills, jobs } = this;
    const mail = mailHands({ settings: () => record.settings(), vault });
    return {
      mail: () => mail,
      jobs: (of, run) => jobHands(jobs, of, run),
      notes: (of) => noteHands(notes, of),
      memory: (of) => memoryHands(memories, of),
      skills: (of, put) => skillHands(skills, of, put),
      refusal: ({ agent }, ...call) => skills.refusal(agent, ...call),
      prompt: ({ agent }) => promptParts({ notes, skills, log }, agent),
      lost: (session) => Promise.resolve(jobs.lost(session)),
      ended: (session) => jobs.ended(session),
    };
  }
}
