import { type ReactNode, useCallback, useState } from 'react';
import type { ShownMemory, ShownNote } from '../../../shared/contract/keeping.ts';
import type { Client } from '../../bridge/client.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useAnswer } from '../../bridge/use-answer.ts';
import { useTask } from '../../bridge/use-task.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Row, Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { Field, TextArea } from '../../ui/Field.tsx';
import { say } from '../../ui/Toast.tsx';
import styles from './AgentMemory.module.css';

/** What is looked at: a note by its key, or a memory by its id. */
type Kept =
  | { readonly what: 'note'; readonly note: ShownNote }
  | { readonly what: 'memory'; readonly memory: ShownMemory };

const mostLetters = 300;

/** What an agent keeps from session to session: a person reads it, puts it right, and erases it. */
export function AgentMemory({ agent, remembers }: { agent: string; remembers: boolean }) {
  const askNotes = useCallback(
    (client: Client, signal: AbortSignal) => client.notes.list({ agent }, { signal }),
    [agent],
  );
  const askMemory = useCallback(
    (client: Client, signal: AbortSignal) => client.memory.list({ agent }, { signal }),
    [agent],
  );
  const notes = useAnswer(askNotes, ['note.*']);
  const memory = useAnswer(askMemory, ['memory.stored', 'memory.changed', 'memory.removed']);
  const [open, setOpen] = useState<Kept | null>(null);
  const [erasing, setErasing] = useState<Kept | null>(null);
  return (
    <div className={styles.kept}>
      <Section title="Notes">
        <ProblemNote problem={notes.problem} />
        {notes.value?.length === 0 && (
          <Card>
            <Empty title="No notes">
              Short texts that it keeps under a key, pinned into its prompt or not.
            </Empty>
          </Card>
        )}
        {notes.value && notes.value.length > 0 && (
          <Rows label="Notes">
            {notes.value.map((note) => (
              <KeptRow
                key={note.key}
                kept={{ what: 'note', note }}
                title={
                  <>
                    <code>{note.key}</code> {firstWords(note.content)}
                  </>
                }
                about={
                  <>
                    {note.pinned ? 'pinned, ' : ''}changed <Age time={note.changed} />
                  </>
                }
                onOpen={setOpen}
                onErase={setErasing}
              />
            ))}
          </Rows>
        )}
      </Section>
      <Section title="Memory">
        <ProblemNote problem={memory.problem} />
        {memory.value?.length === 0 && (
          <Card>
            <Empty title="Nothing remembered">
              {remembers
                ? 'Facts, decisions and preferences that it will keep for later sessions.'
                : 'It remembers within a session only, as its file says.'}
            </Empty>
          </Card>
        )}
        {memory.value && memory.value.length > 0 && (
          <Rows label="Memory">
            {memory.value.toReversed().map((one) => (
              <KeptRow
                key={one.id}
                kept={{ what: 'memory', memory: one }}
                title={firstWords(one.content)}
                about={
                  <>
                    {one.category}, <Age time={one.created} />
                  </>
                }
                onOpen={setOpen}
                onErase={setErasing}
              />
            ))}
          </Rows>
        )}
      </Section>
      {open && <EditDialog agent={agent} kept={open} onClose={() => setOpen(null)} />}
      {erasing && <EraseDialog agent={agent} kept={erasing} onClose={() => setErasing(null)} />}
    </div>
  );
}

/** As much of it as a row holds. */
function firstWords(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > mostLetters ? `${line.slice(0, mostLetters - 1)}…` : line;
}

const nameOf = (kept: Kept) => (kept.what === 'note' ? `the note ${kept.note.key}` : 'this memory');

function KeptRow({
  kept,
  title,
  about,
  onOpen,
  onErase,
}: {
  kept: Kept;
  title: ReactNode;
  about: ReactNode;
  onOpen: (kept: Kept) => void;
  onErase: (kept: Kept) => void;
}) {
  const label = kept.what === 'note' ? kept.note.key : kept.memory.content.slice(0, 60);
  return (
    <Row
      title={<span className={styles.words}>{title}</span>}
      detail={about}
      right={
        <>
          <Button look="ghost" onClick={() => onOpen(kept)} aria-label={`Edit ${label}`}>
            Edit…
          </Button>
          <Button look="ghost" onClick={() => onErase(kept)} aria-label={`Erase ${label}`}>
            Erase…
          </Button>
        </>
      }
    />
  );
}

function EditDialog({ agent, kept, onClose }: { agent: string; kept: Kept; onClose: () => void }) {
  const { client } = useHouse();
  const before = kept.what === 'note' ? kept.note.content : kept.memory.content;
  const [content, setContent] = useState(before);
  const save = useTask(async (_signal) => {
    if (kept.what === 'note') await client.notes.save({ agent, key: kept.note.key, content });
    else await client.memory.edit({ memory: kept.memory.id, content });
    return true;
  });
  const submit = async () => {
    if (!(await save.run())) return;
    say('Saved.');
    onClose();
  };
  const empty = content.trim() === '';
  return (
    <Dialog
      title={kept.what === 'note' ? kept.note.key : 'A memory'}
      words={`What ${agent} reads of it from now on.`}
      open
      wide
      onClose={onClose}
      lead={{
        label: 'Save',
        disabled: empty || content === before,
        busy: save.busy,
        run: () => void submit(),
      }}
    >
      <Field label="What it says">
        {(control) => (
          <TextArea
            {...control}
            rows={10}
            value={content}
            onChange={(event) => setContent(event.target.value)}
          />
        )}
      </Field>
      <ProblemNote problem={save.problem} />
    </Dialog>
  );
}

function EraseDialog({ agent, kept, onClose }: { agent: string; kept: Kept; onClose: () => void }) {
  const { client } = useHouse();
  const erase = useTask(async (_signal) => {
    if (kept.what === 'note') await client.notes.erase({ agent, key: kept.note.key });
    else await client.memory.erase({ memory: kept.memory.id });
    return true;
  });
  const submit = async () => {
    if (!(await erase.run())) return;
    say('Erased.');
    onClose();
  };
  return (
    <Dialog
      title={`Erase ${nameOf(kept)}?`}
      words="Every wording of it is taken out of the record as well. What was said of it in conversations stays part of those."
      open
      onClose={onClose}
      lead={{ label: 'Erase', danger: true, busy: erase.busy, run: () => void submit() }}
    >
      <ProblemNote problem={erase.problem} />
    </Dialog>
  );
}
