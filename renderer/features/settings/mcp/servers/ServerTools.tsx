import { useState } from 'react';
import type { ServerTool, ToolServerPage } from '../../../../../shared/tool-server.ts';
import { ConfirmDialog } from '../../../../bridge/ConfirmDialog.tsx';
import { useHouse } from '../../../../bridge/house.ts';
import { Button } from '../../../../ui/Button.tsx';
import { ChoiceList } from '../../../../ui/ChoiceList.tsx';
import type { DotTone } from '../../../../ui/Dot.tsx';
import { Empty } from '../../../../ui/Empty.tsx';
import { stay, usePlace } from '../../../../ui/place.ts';
import { say } from '../../../../ui/Toast.tsx';
import { plural } from '../../../../ui/words.ts';
import styles from './ServerPage.module.css';
import { ToolView } from './ToolView.tsx';
import type { ServerDraft } from './use-server-draft.ts';

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
      {waiting.length > 0 && <Waiting server={row.name} tools={waiting} onPage={onPage} />}
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
  if (state === 'broken') return <Empty title="It cannot be read">Mend its declaration under File.</Empty>;
  return (
    <Empty title="Its tools are not known yet">
      It tells them when it has started. The next step is Start.
    </Empty>
  );
}

function Waiting({
  server,
  tools,
  onPage,
}: {
  server: string;
  tools: readonly ServerTool[];
  onPage: (page: ToolServerPage) => void;
}) {
  const { client } = useHouse();
  const [asking, setAsking] = useState(false);
  const changed = tools.filter(({ before }) => before !== null).length;
  const which =
    changed === 0
      ? `${plural(tools.length, 'tool')} of it ${tools.length === 1 ? 'was' : 'were'} not looked at yet`
      : changed === tools.length
        ? `${plural(changed, 'tool')} changed since you accepted ${changed === 1 ? 'it' : 'them'}`
        : `${plural(tools.length, 'tool')} wait for your look, ${changed} of which changed since you accepted them`;
  return (
    <div className={styles.waiting}>
      <p>{which}. No agent is offered what you have not accepted.</p>
      <Button onClick={() => setAsking(true)}>
        {tools.length === 1 ? 'Accept it…' : `Accept all ${tools.length}…`}
      </Button>
      <ConfirmDialog
        title={`Accept ${plural(tools.length, 'tool')} of ${server}?`}
        words={`As they are now: ${tools.map(({ name }) => name).join(', ')}. A tool that changes afterwards waits for you again.`}
        label="Accept"
        calm
        open={asking}
        deed={async () => {
          onPage(await client.toolServers.accept({ server, digests: tools.map(({ digest }) => digest) }));
          say(`Accepted ${plural(tools.length, 'tool')} of ${server}.`);
        }}
        onClose={() => setAsking(false)}
      />
    </div>
  );
}
