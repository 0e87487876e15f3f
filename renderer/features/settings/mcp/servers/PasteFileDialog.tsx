import { type ChangeEvent, useRef, useState } from 'react';
import type { Client } from '../../../../bridge/client.ts';
import { useHouse } from '../../../../bridge/house.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../../bridge/use-task.ts';
import { problemOf } from '../../../../../shared/contract/problems.ts';
import { Button } from '../../../../ui/Button.tsx';
import { Checkbox } from '../../../../ui/Checkbox.tsx';
import { Dialog } from '../../../../ui/Dialog.tsx';
import { Field, TextArea } from '../../../../ui/Field.tsx';
import { Prose } from '../../../../ui/Prose.tsx';
import { say } from '../../../../ui/Toast.tsx';
import { plural } from '../../../../ui/words.ts';
import styles from './PasteFileDialog.module.css';

type Found = Awaited<ReturnType<Client['toolServers']['read']>>;

/** Servers from the file of another program: what it would bring, with notes, then those that are chosen. */
export function PasteFileDialog({
  open,
  taken,
  onClose,
}: {
  open: boolean;
  taken: ReadonlySet<string>;
  onClose: () => void;
}) {
  const { client } = useHouse();
  const [text, setText] = useState('');
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [failed, setFailed] = useState<Readonly<Record<string, string>>>({});
  const read = useTask((_signal) => client.toolServers.read({ text }));
  const found = read.result;
  const chosen = (found?.servers ?? []).filter(({ server }) => !left.has(server) && !taken.has(server));
  const close = () => {
    read.reset();
    setText('');
    setLeft(new Set());
    setFailed({});
    onClose();
  };
  const save = useTask(async (_signal) => {
    const wrong: Record<string, string> = {};
    for (const { server, text: declaration } of chosen) {
      try {
        await client.toolServers.save({ server, text: declaration });
      } catch (thrown) {
        wrong[server] = problemOf(thrown).message;
      }
    }
    setFailed(wrong);
    const saved = chosen.length - Object.keys(wrong).length;
    if (saved > 0) say(`Added ${plural(saved, 'server')}.`);
    if (Object.keys(wrong).length === 0) close();
  });
  return (
    <Dialog
      title="Servers from another program’s file"
      words="Nothing of it is used before you choose; what they need of secrets is only named."
      open={open}
      onClose={close}
      wide
      tall
      lead={
        found
          ? {
              label: `Add ${plural(chosen.length, 'server')}`,
              disabled: chosen.length === 0,
              busy: save.busy,
              run: () => void save.run(),
            }
          : { label: 'Read it', disabled: text.trim() === '', busy: read.busy, run: () => void read.run() }
      }
    >
      {found ? (
        <FoundServers
          found={found}
          taken={taken}
          left={left}
          failed={failed}
          onLeave={setLeft}
          onBack={() => read.reset()}
        />
      ) : (
        <FileText text={text} onText={setText} />
      )}
      <ProblemNote problem={read.problem ?? save.problem} />
    </Dialog>
  );
}

function FileText({ text, onText }: { text: string; onText: (text: string) => void }) {
  const picker = useRef<HTMLInputElement>(null);
  const take = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    // The same one may be chosen again.
    target.value = '';
    if (file) onText(await file.text());
  };
  return (
    <>
      <Field
        label="The file"
        hint="mcpServers of Claude Desktop, Cursor or VS Code; servers.json of agent-runtime; mcp-servers.yaml of aaOS."
      >
        {(control) => (
          <TextArea
            {...control}
            mono
            autoFocus
            rows={12}
            placeholder={'{ "mcpServers": { … } }'}
            value={text}
            onChange={(event) => onText(event.target.value)}
          />
        )}
      </Field>
      <div>
        <input
          ref={picker}
          type="file"
          hidden
          tabIndex={-1}
          aria-label="The file itself"
          accept=".json,.yaml,.yml"
          onChange={(event) => void take(event)}
        />
        <Button look="ghost" onClick={() => picker.current?.click()}>
          Take it from a file…
        </Button>
      </div>
    </>
  );
}

function FoundServers({
  found,
  taken,
  left,
  failed,
  onLeave,
  onBack,
}: {
  found: Found;
  taken: ReadonlySet<string>;
  left: ReadonlySet<string>;
  failed: Readonly<Record<string, string>>;
  onLeave: (left: ReadonlySet<string>) => void;
  onBack: () => void;
}) {
  const toggle = (server: string, isChosen: boolean) => {
    const next = new Set(left);
    if (isChosen) next.delete(server);
    else next.add(server);
    onLeave(next);
  };
  return (
    <>
      <p role="status">
        Taken for {found.form}: {plural(found.servers.length, 'server')}.
      </p>
      <ul className={styles.found} aria-label="Servers that were found">
        {found.servers.map(({ server, text, notes }) => (
          <li key={server}>
            <Checkbox
              checked={!left.has(server) && !taken.has(server)}
              disabled={taken.has(server)}
              onChange={(isChosen) => toggle(server, isChosen)}
            >
              <b>{server}</b>
            </Checkbox>
            {taken.has(server) && (
              <p className={styles.note}>There is one of this name; it stays as it is.</p>
            )}
            {notes.map((note) => (
              <p key={note} className={styles.note}>
                <Prose>{note}</Prose>
              </p>
            ))}
            {failed[server] !== undefined && (
              <p className={styles.wrong} role="alert">
                {failed[server]}
              </p>
            )}
            <pre className={styles.text} tabIndex={0} aria-label={`Declaration of ${server}`}>
              {text}
            </pre>
          </li>
        ))}
      </ul>
      {found.problems.length > 0 && (
        <ul className={styles.problems} aria-label="What could not be taken over">
          {found.problems.map((problem) => (
            <li key={problem} className={styles.wrong}>
              <Prose>{problem}</Prose>
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button look="ghost" onClick={onBack}>
          Another file
        </Button>
      </div>
    </>
  );
}
