import { useState } from 'react';
import type { SessionWork } from '../../../shared/session-work.ts';
import { useHouse } from '../house.ts';
import { ProblemNote } from '../ProblemNote.tsx';
import { useTask } from '../use-task.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { say } from '../../ui/Toast.tsx';
import { plural } from '../../ui/words.ts';

const ways = [
  {
    value: 'branch' as const,
    label: 'On a new branch',
    detail: 'of a repository here; its files stay as they are',
  },
  { value: 'folder' as const, label: 'Into a folder’s files', detail: 'as changes that are not committed' },
];

/** Where the changes of a command agent go: all of them, or where they do not fit nothing. */
export function ApplyDialog({
  session,
  work: { agent, repository },
  open,
  onClose,
}: {
  session: string;
  work: SessionWork;
  open: boolean;
  onClose: () => void;
}) {
  const { client } = useHouse();
  const [way, setWay] = useState<'branch' | 'folder'>('branch');
  const [folder, setFolder] = useState(repository.startsWith('/') ? repository : '');
  const [branch, setBranch] = useState(`${agent}-${session.slice(-6)}`);
  const apply = useTask(async (_signal) => {
    const to = way === 'branch' ? branch.trim() : null;
    const { files } = await client.work.apply({ session, folder: folder.trim(), branch: to });
    onClose();
    say(
      to === null
        ? `Applied ${plural(files, 'changed file')} to ${folder.trim()}.`
        : `Put ${plural(files, 'changed file')} on the branch ${to}.`,
    );
  });
  const isPlaced = folder.trim().startsWith('/');
  const wrong = folder.trim() === '' || isPlaced ? undefined : 'A folder’s whole path begins with “/”.';
  return (
    <Dialog
      title="Apply the changes"
      words="All of them, or nothing where they do not fit. Afterwards they are kept here no more."
      open={open}
      onClose={() => {
        apply.reset();
        onClose();
      }}
      lead={{
        label: way === 'branch' ? 'Make the branch' : 'Apply',
        disabled: !isPlaced || (way === 'branch' && branch.trim() === ''),
        busy: apply.busy,
        run: () => void apply.run(),
      }}
    >
      <Choice label="Where" value={way} options={ways} onChange={setWay} />
      <Field label={way === 'branch' ? 'Repository' : 'Folder'} wrong={wrong}>
        {(control) => (
          <TextInput
            {...control}
            mono
            placeholder="/whole/path"
            value={folder}
            onChange={(event) => setFolder(event.target.value)}
          />
        )}
      </Field>
      {way === 'branch' && (
        <Field label="Branch" hint="It must not be there yet.">
          {(control) => (
            <TextInput {...control} mono value={branch} onChange={(event) => setBranch(event.target.value)} />
          )}
        </Field>
      )}
      <ProblemNote problem={apply.problem} />
    </Dialog>
  );
}
