import { useCallback, useState } from 'react';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useAgents } from '../../bridge/use-agents.ts';
import { Button } from '../../ui/Button.tsx';
import { ListScreen } from '../../ui/ListScreen.tsx';
import { stay, usePlace } from '../../ui/place.ts';
import { useShortcuts } from '../../ui/shortcuts.ts';
import { AgentList } from './AgentList.tsx';
import { AgentView } from './AgentView.tsx';
import { NewAgentDialog } from './NewAgentDialog.tsx';

/** Who works here: each agent with what it may do, and the file that says so. */
export function AgentsScreen() {
  const { list, problem } = useAgents();
  const { params } = usePlace();
  const [making, setMaking] = useState(() => params.get('do') === 'new');
  const chosen = list?.find(({ name }) => name === params.get('agent')) ?? list?.[0];
  const choose = useCallback((agent: string) => stay({ agent }), []);
  useShortcuts('Agents', [{ keys: 'w', title: 'New agent', run: () => setMaking(true) }]);
  return (
    <ListScreen
      title="Agents"
      action={
        <Button keys="w" onClick={() => setMaking(true)}>
          New agent…
        </Button>
      }
      list={
        <>
          <ProblemNote problem={problem} />
          {list && <AgentList agents={list} chosen={chosen?.name} onChoose={choose} />}
        </>
      }
    >
      {chosen && <AgentView key={chosen.name} entry={chosen} onSaved={choose} />}
      <NewAgentDialog
        open={making}
        onClose={() => setMaking(false)}
        agents={list ?? []}
        onMade={(name) => {
          setMaking(false);
          stay({ agent: name, look: 'file' });
        }}
      />
    </ListScreen>
  );
}
