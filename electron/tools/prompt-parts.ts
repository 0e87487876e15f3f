import type { Agent } from '../../shared/agent.ts';
import type { Log } from '../base/log.ts';
import { declares } from './held-tools.ts';
import { notesText } from './notes/note-text.ts';
import type { Notes } from './notes/notes.ts';
import { skillsText } from './skills/skill-text.ts';
import type { Skills } from './skills/skills.ts';

/** What an agent’s prompt says of its skills, notes and memory. What cannot be read is left out: no turn fails for it. */
export async function promptParts(
  { notes, skills, log }: { notes: Notes; skills: Skills; log: Log },
  agent: Agent,
): Promise<{ above: string[]; below: string[] }> {
  const part = async (what: string, make: () => Promise<string | null>) => {
    try {
      return await make();
    } catch (failure) {
      log.error({ err: failure, agent: agent.name }, `the ${what} of an agent could not be read`);
      return null;
    }
  };
  const { section, mostCount } = agent.notes;
  const [noted, skilled] = await Promise.all([
    mostCount > 0
      ? part('notes', async () => notesText(await notes.list(agent.name), section !== 'off'))
      : null,
    declares(agent, 'skill_read') ? part('skills', async () => skillsText(await skills.of(agent))) : null,
  ]);
  const remembers = agent.memory.episodic && declares(agent, 'memory_query') ? memoryText : null;
  const there = (...texts: (string | null)[]) => texts.filter((text) => text !== null);
  return section === 'above'
    ? { above: there(noted), below: there(skilled, remembers) }
    : { above: [], below: there(skilled, remembers, noted) };
}

const memoryText = [
  '# Your memory',
  'You remember things across sessions. Recall with memory_query before you begin; keep what will matter later with memory_store.',
].join('\n');
