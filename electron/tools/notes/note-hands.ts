import type { HandsOf } from '../hand-makers.ts';
import type { NoteHands } from '../hands.ts';
import type { NoteWriter, Notes } from './notes.ts';

export function noteHands(notes: Notes, { agent, session }: HandsOf): NoteHands {
  const by: NoteWriter = {
    agent: agent.name,
    actor: { kind: 'agent', id: agent.name },
    scope: { session, agent: agent.name },
    quota: agent.notes,
  };
  return {
    save: (key, content, pin) => notes.save(by, key, content, pin),
    list: () => notes.list(agent.name),
    get: (key) => notes.get(agent.name, key),
    remove: (key) => notes.remove(by, key),
    pin: (key, pinned) => notes.pin(by, key, pinned),
  };
}
