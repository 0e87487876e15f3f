import { useEffect, useState } from 'react';
import type { AgentSession } from '../../../../shared/agent-session.ts';
import { useHouse } from '../../../bridge/house.ts';
import { ProblemNote } from '../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../bridge/use-task.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Field, TextArea, TextInput } from '../../../ui/Field.tsx';
import { Select } from '../../../ui/Select.tsx';
import { FolderLines } from '../../../bridge/FolderLines.tsx';
import type { FolderLine } from '../../../bridge/FolderLines.tsx';
import { readBudget } from '../../../bridge/budget-field.ts';

/** A new session: who, with which folders, and the first thing said. */
export function AskDialog({
  open,
  agent,
  onClose,
  onOpened,
}: {
  open: boolean;
  agent: string | null;
  onClose: () => void;
  onOpened: (session: AgentSession) => void;
}) {
  const { client } = useHouse();
  const { run, result: agents, problem } = useTask((signal) => client.agents.list(undefined, { signal }));
  const [chosen, setChosen] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [folders, setFolders] = useState<readonly FolderLine[] | null>(null);
  const [budget, setBudget] = useState('');
  const allowed = readBudget(budget);
  useEffect(() => {
    if (open) void run();
  }, [open, run]);
  useEffect(() => setChosen(null), [agent]);
  const able = (agents ?? []).filter((each) => each.agent !== null && !each.agent.command);
  const name =
    chosen ?? agent ?? able.find((each) => each.name === 'generalist')?.name ?? able[0]?.name ?? '';
  const mode = able.find((each) => each.name === name)?.agent?.folderMode ?? 'review';
  const lines = folders ?? [{ path: '', mode }];
  const given = lines
    .filter(({ path }) => path.trim() !== '')
    .map((line) => ({ ...line, path: line.path.trim() }));
  const wrong = given.some(({ path }) => !path.startsWith('/'))
    ? 'A folder’s whole path begins with “/”.'
    : undefined;
  const start = useTask(async (_signal) => {
    const title = text.trim().split('\n', 1)[0]?.slice(0, 80).trim() ?? null;
    const session = await client.agentSessions.open({
      agent: name,
      title,
      folders: given,
      budget: allowed.budget,
    });
    await client.agentSessions.send({ session: session.id, parts: [{ kind: 'text', text }] });
    setText('');
    setFolders(null);
    setBudget('');
    onOpened(session);
  });
  const ready = name !== '' && text.trim() !== '' && wrong === undefined && allowed.wrong === undefined;
  return (
    <Dialog
      title="Ask an agent"
      words="It works in a sandbox of its own, sees the folders you give it, and stops at your boundaries."
      open={open}
      onClose={() => {
        start.reset();
        onClose();
      }}
      wide
      lead={{ label: 'Start', disabled: !ready, busy: start.busy, run: () => void start.run() }}
    >
      <Field label="Who">
        {(control) => (
          <Select
            {...control}
            value={name}
            options={able.map((each) => ({ value: each.name, label: each.name }))}
            onChange={(next) => {
              setChosen(next);
              setFolders(null);
            }}
          />
        )}
      </Field>
      <Field label="What should it do">
        {(control) => (
          <TextArea
            {...control}
            autoFocus
            rows={4}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <FolderLines folders={lines} wrong={wrong} onChange={setFolders} />
      <Field
        label="Budget"
        hint="Such as $2.50 or 500k tokens; empty: what its file and Settings say."
        wrong={allowed.wrong}
      >
        {(control) => (
          <TextInput {...control} value={budget} onChange={(event) => setBudget(event.target.value)} />
        )}
      </Field>
      <ProblemNote problem={start.problem ?? problem} />
    </Dialog>
  );
}
