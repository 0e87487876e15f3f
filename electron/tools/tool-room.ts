import type { MailTrial } from '../../shared/contract/outside.ts';
import type { Actor } from '../../shared/events/event.ts';
import type { AuditRecord } from '../audit/record.ts';
import type { Clock } from '../base/clock.ts';
import type { Later } from '../base/later.ts';
import type { Log } from '../base/log.ts';
import type { ModelRoom } from '../models/model-room.ts';
import type { Vault } from '../store/vault.ts';
import type { HandMakers } from './hand-makers.ts';
import { jobHands } from './jobs/job-hands.ts';
import { Jobs } from './jobs/jobs.ts';
import type { SearchHands } from './hands.ts';
import { mailHands, type MailNeeds } from './mail/mail-hands.ts';
import { mailTrial } from './mail/mail-trial.ts';
import { Embedder } from './memory/embedder.ts';
import { Memories } from './memory/memories.ts';
import { memoryHands } from './memory/memory-hands.ts';
import { noteHands } from './notes/note-hands.ts';
import { Notes } from './notes/notes.ts';
import { promptParts } from './prompt-parts.ts';
import { searches, type SearchNeeds } from './web/search-engine.ts';
import { searchHands } from './web/search-hands.ts';
import { tried } from './trial.ts';
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
  readonly #needs: ToolRoomNeeds;
  readonly #outside: SearchNeeds & MailNeeds;

  constructor(needs: ToolRoomNeeds) {
    this.#needs = needs;
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
    this.#outside = { settings: () => record.settings(), vault: needs.vault };
    this.hands = this.#hands(needs);
  }

  /** From now on what ends is left open on the record, for the next life to find it lost. */
  leave(): void {
    this.jobs.leave();
  }

  /** As an agent would search, for the person who sets an engine up. */
  trySearch(query: string, count: number, by: Actor, signal: AbortSignal): ReturnType<SearchHands['find']> {
    const right = { authorize: () => Promise.resolve(), told: () => undefined };
    const { record } = this.#needs;
    return tried(record, { what: 'search', with: query }, by, async () => ({
      result: await searchHands(this.#outside, right).find(query, count, signal),
      problem: null,
    }));
  }

  tryMail(to: string, by: Actor, signal: AbortSignal): Promise<MailTrial> {
    return tried(this.#needs.record, { what: 'mail', with: to }, by, async () => {
      const result = await mailTrial(this.#outside, to, signal);
      return { result, problem: result.problem?.message ?? null };
    });
  }

  async close(): Promise<void> {
    await this.jobs.close();
    this.memories.close();
  }

  #hands({ record, log }: ToolRoomNeeds): HandMakers {
    const { notes, memories, skills, jobs } = this;
    const mail = mailHands(this.#outside);
    return {
      mail: () => mail,
      search: (right) => searchHands(this.#outside, right),
      ready: () => ({ searches: searches(record.settings()) }),
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
