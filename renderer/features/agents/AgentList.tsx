import type { AgentCommand } from '../../../shared/command-agent.ts';
import type { AgentEntry } from '../../../shared/contract/agents.ts';
import { ChoiceList } from '../../ui/ChoiceList.tsx';

/** All agents, those whose file is broken included. */
export function AgentList({
  agents,
  chosen,
  onChoose,
}: {
  agents: readonly AgentEntry[];
  chosen: string | undefined;
  onChoose: (name: string) => void;
}) {
  const choices = agents.map(({ name, agent, problems, origin, hides }) => {
    const broken = problems.length > 0;
    const words = agent?.description ?? '';
    const from = origin === 'bundled' ? 'comes with Holdfast' : hides ? 'yours, in place of ours' : 'yours';
    return {
      id: name,
      tone: broken ? ('refused' as const) : ('good' as const),
      state: broken ? 'its file has problems' : agent?.command ? 'a command, ready' : 'ready',
      title: name,
      detail: broken ? 'its file has problems' : detailOf(words === '' ? from : words, agent?.command),
    };
  });
  return <ChoiceList label="Agents" choices={choices} chosen={chosen} onChoose={onChoose} />;
}

function detailOf(words: string, command: AgentCommand | undefined): string {
  return command ? `Command · ${words}` : words;
}
