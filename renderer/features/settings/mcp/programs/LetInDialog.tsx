import { useState } from 'react';
import type { McpServing } from '../../../../../shared/mcp.ts';
import { useHouse } from '../../../../bridge/house.ts';
import { ProblemNote } from '../../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../../bridge/use-task.ts';
import { CopyText } from '../../../../ui/CopyText.tsx';
import { Dialog } from '../../../../ui/Dialog.tsx';
import { useSeenWrong } from '../../../../ui/use-seen-wrong.ts';
import { emptyLetIn, type LetInForm, readLetIn } from '../let-in-form.ts';
import styles from '../McpPage.module.css';
import { Configurations } from './Configurations.tsx';
import { LetInFields } from './LetInFields.tsx';

/** Whether a form is complete does not depend on the time; when it is sent, the present counts. */
const anyTime = new Date(0);

/** Lets a program in: what it may do, then the token, once, with what to put into the program. */
export function LetInDialog({
  open,
  serving,
  onClose,
}: {
  open: boolean;
  serving: McpServing | null;
  onClose: () => void;
}) {
  const { client } = useHouse();
  const [form, setForm] = useState<LetInForm>(emptyLetIn);
  const read = readLetIn(form, anyTime);
  const seen = useSeenWrong(read.wrong);
  const create = useTask((_signal) => {
    const { wish } = readLetIn(form, new Date());
    return wish ? client.access.create(wish) : Promise.resolve(null);
  });
  const made = create.result;
  const close = () => {
    create.reset();
    setForm(emptyLetIn);
    seen.clear();
    onClose();
  };
  return (
    <Dialog
      title={made ? `${made.token.name} is let in` : 'Let a program in'}
      words={
        made
          ? 'Copy its token now: it is shown this once and kept nowhere.'
          : 'It gets a token. Whatever it starts gets no more than this, and each call is on the record.'
      }
      open={open}
      onClose={close}
      wide
      tall
      lead={
        !made && {
          label: 'Let it in',
          busy: create.busy,
          run: () => {
            seen.all();
            if (read.wish) void create.run();
          },
        }
      }
    >
      {made ? (
        <>
          <CopyText block value={made.value} label="the token" />
          {serving?.address === null && (
            <p className={styles.warning}>
              {serving.on
                ? 'Holdfast does not listen for programs yet; the page of MCP says why.'
                : 'Holdfast does not listen for programs yet. Switch it on, on the page of MCP.'}
            </p>
          )}
          <Configurations token={made.value} />
        </>
      ) : (
        <LetInFields
          form={form}
          wrong={seen.wrong}
          set={(change) => {
            seen.touch(Object.keys(change));
            setForm((before) => ({ ...before, ...change }));
          }}
        />
      )}
      <ProblemNote problem={create.problem} />
    </Dialog>
  );
}
