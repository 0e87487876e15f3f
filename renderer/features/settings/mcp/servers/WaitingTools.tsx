import { useState } from 'react';
import type { ServerTool, ToolServerPage } from '../../../../../shared/tool-server.ts';
import { useHouse } from '../../../../bridge/house.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../../bridge/use-task.ts';
import { Button } from '../../../../ui/Button.tsx';
import { Dialog } from '../../../../ui/Dialog.tsx';
import { say } from '../../../../ui/Toast.tsx';
import { plural } from '../../../../ui/words.ts';
import styles from './ServerPage.module.css';
import { ToolChange } from './ToolChange.tsx';

/** How many tools wait for the person’s look, and all of them at once: each with what it says it does. */
export function WaitingTools({
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
  const accept = useTask(async (_signal) => {
    onPage(await client.toolServers.accept({ server, digests: tools.map(({ digest }) => digest) }));
    say(`Accepted ${plural(tools.length, 'tool')} of ${server}.`);
    setAsking(false);
  });
  const close = () => {
    accept.reset();
    setAsking(false);
  };
  return (
    <div className={styles.waiting}>
      <p>{waitingWords(tools)}. No agent is offered what you have not accepted.</p>
      <Button onClick={() => setAsking(true)}>
        {tools.length === 1 ? 'Accept it…' : `Accept all ${tools.length}…`}
      </Button>
      <Dialog
        title={`Accept ${plural(tools.length, 'tool')} of ${server}?`}
        words="Read what they say: a model reads the same, and may follow it. A tool that changes afterwards waits for you again."
        open={asking}
        onClose={close}
        wide
        tall
        lead={{ label: 'Accept', busy: accept.busy, run: () => void accept.run() }}
      >
        <ul className={styles.accepted} aria-label="Tools to accept">
          {tools.map((tool) => (
            <li key={tool.name}>
              <h3>{tool.name}</h3>
              {tool.before ? (
                <ToolChange now={tool} before={tool.before} />
              ) : (
                <p className={styles.description}>
                  {tool.description === '' ? 'It says nothing.' : tool.description}
                </p>
              )}
            </li>
          ))}
        </ul>
        <ProblemNote problem={accept.problem} />
      </Dialog>
    </div>
  );
}

function waitingWords(tools: readonly ServerTool[]): string {
  const changed = tools.filter(({ before }) => before !== null).length;
  if (changed === 0) {
    return `${plural(tools.length, 'tool')} of it ${tools.length === 1 ? 'was' : 'were'} not looked at yet`;
  }
  return changed === tools.length
    ? `${plural(changed, 'tool')} changed since you accepted ${changed === 1 ? 'it' : 'them'}`
    : `${plural(tools.length, 'tool')} wait for your look, ${changed} of which changed since you accepted them`;
}
