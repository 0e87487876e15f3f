import type { ServerTool, ToolServerPage } from '../../../../../shared/tool-server.ts';
import { ChoiceList } from '../../../../ui/ChoiceList.tsx';
import type { DotTone } from '../../../../ui/Dot.tsx';
import { Empty } from '../../../../ui/Empty.tsx';
import { stay, usePlace } from '../../../../ui/place.ts';
import styles from './ServerPage.module.css';
import { ToolView } from './ToolView.tsx';
import type { ServerDraft } from './use-server-draft.ts';
import { WaitingTools } from './WaitingTools.tsx';

/** The tools of a server, those that a person has to look at first. */
export function ServerTools({
  page,
  draft,
  onPage,
}: {
  page: ToolServerPage;
  draft: ServerDraft;
  onPage: (page: ToolServerPage) => void;
}) {
  const { params } = usePlace();
  const { row } = page;
  const tools = page.tools.toSorted((a, b) => rank(a) - rank(b));
  const chosen = tools.find(({ name }) => name === params.get('tool')) ?? tools[0];
  const waiting = tools.filter(({ accepted, problem }) => !accepted && problem === null);
  if (!chosen) return <NoTools state={row.state} known={row.tools !== null} />;
  return (
    <>
      {waiting.length > 0 && <WaitingTools server={row.name} tools={waiting} onPage={onPage} />}
      <div className={styles.tools}>
        <div className={styles.names}>
          <ChoiceList
            label="Tools"
            chosen={chosen.name}
            onChoose={(tool) => stay({ look: 'tools', tool })}
            choices={tools.map((tool) => ({
              id: tool.name,
              ...markOf(tool),
              title: tool.name,
              detail: tool.description === '' ? tool.title : tool.description,
            }))}
          />
        </div>
        <ToolView key={chosen.name} server={row.name} tool={chosen} draft={draft} onPage={onPage} />
      </div>
    </>
  );
}

function rank({ accepted, before, problem }: ServerTool): number {
  if (problem !== null) return 3;
  if (accepted) return 2;
  return before ? 0 : 1;
}

function markOf({ accepted, before, problem, policy }: ServerTool): { tone: DotTone; state: string } {
  if (problem !== null) return { tone: 'refused', state: 'cannot be used' };
  if (!accepted)
    return { tone: 'waits', state: before ? 'changed, waits for your look' : 'waits for your look' };
  if (policy.level === 'deny') return { tone: 'quiet', state: 'may not be called' };
  return { tone: 'good', state: policy.level === 'ask' ? 'always asks' : 'can be used' };
}

function NoTools({ state, known }: { state: ToolServerPage['row']['state']; known: boolean }) {
  if (known)
    return <Empty title="It has no tools">It may have resources or prompts: look under About.</Empty>;
  if (state === 'off') {
    return <Empty title="It is switched off">Its file says “enabled: false”; change that under File.</Empty>;
  }
  if (state === 'signing') {
    return <Empty title="Its tools are not known yet">It tells them when you have signed in.</Empty>;
  }
  if (state === 'broken') return <Empty title="It cannot be read">Mend its declaration under File.</Empty>;
  return (
    <Empty title="Its tools are not known yet">
      It tells them when it has started. The next step is Start.
    </Empty>
  );
}
