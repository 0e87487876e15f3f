import { surroundingsText } from '../../agents/prompt.ts';
import type { Tool } from '../../tools/tool.ts';
import { scratchBeside } from './hands/command-rights.ts';
import type { LiveAgentSession } from './live-agent-session.ts';

/** The tools that it holds a token for now, and that its file gives something to work with. */
export function heldTools(live: LiveAgentSession): readonly Tool[] {
  const { rights, rooms, facts } = live.needs;
  const ready = rooms.hands.ready();
  return rooms.tools.filter(
    ({ name, offered }) => rights.permits({ kind: 'tool', name }) && (offered?.(facts.agent, ready) ?? true),
  );
}

export function surroundingsOf(live: LiveAgentSession): string {
  const { facts, rights } = live.needs;
  const { agent, folders, hosts, sandbox, unattended } = facts;
  const tools = heldTools(live);
  const scratch = scratchBeside(folders);
  return surroundingsText({
    agent,
    tools,
    folders,
    hosts,
    sandbox,
    rights: rights.held(),
    unattended,
    scratch,
  });
}
