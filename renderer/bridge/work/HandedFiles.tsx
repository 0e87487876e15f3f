import { useRef } from 'react';
import type { Recognised } from '../../../shared/methodology.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { bytesOf, plural } from '../../ui/words.ts';
import { type PlacedProblem, ProblemList } from '../ProblemList.tsx';
import type { GivenFile } from './given-files.ts';
import styles from './Work.module.css';
import { idOf } from './work-form.ts';
import type { WorkFieldsProps } from './WorkFields.tsx';

const roles = [
  { value: 'artifact' as const, label: 'is the artifact' },
  { value: 'attachment' as const, label: 'is attached, to be read only' },
];

/** The files of a start: one may be the artifact, the others can only be read in the sandbox. */
export function HandedFiles(props: WorkFieldsProps) {
  const { form, hand, looked, wrong, canBeMany, set, onFiles } = props;
  const picker = useRef<HTMLInputElement>(null);
  const remove = ({ key }: GivenFile) =>
    set({
      files: form.files.filter((file) => file.key !== key),
      ...(form.artifact === key && { artifact: null, type: null, id: null }),
    });
  const give = (file: GivenFile, role: 'artifact' | 'attachment') =>
    role === 'artifact'
      ? set({ handed: 'artifact', artifact: file.key, type: null, id: null, each: false })
      : set({ handed: 'nothing', artifact: null, type: null, id: null, each: false });
  return (
    <fieldset className={styles.files}>
      <legend>Files</legend>
      {form.files.length === 0 && (
        <p className={styles.soft}>
          {hand.handed === 'artifact'
            ? 'Drop a JSON document anywhere on this window, or add it.'
            : 'None. What is dropped on this window or added here can only be read in the sandbox.'}
        </p>
      )}
      {form.files.length > 0 && (
        <ul className={styles.list} aria-label="Files">
          {form.files.map((file) => {
            const isArtifact = hand.isEach || file === hand.artifact;
            const look = looked.looks.get(file.key);
            return (
              <li key={file.key} className={styles.file}>
                <span className={styles.name}>{file.name}</span>
                <span className={styles.soft}>{bytesOf(file.bytes.length)}</span>
                {hand.isEach ? (
                  <span className={styles.soft}>a session of its own</span>
                ) : (
                  <Select
                    aria-label={`What ${file.name} is`}
                    value={isArtifact ? 'artifact' : 'attachment'}
                    options={file.text === null ? roles.slice(1) : roles}
                    onChange={(role) => give(file, role)}
                  />
                )}
                <Button look="ghost" aria-label={`Remove ${file.name}`} onClick={() => remove(file)}>
                  Remove
                </Button>
                {isArtifact && <Recognition file={file} look={look} />}
                {isArtifact && !hand.isEach && <ArtifactFields {...props} file={file} look={look} />}
              </li>
            );
          })}
        </ul>
      )}
      {wrong.files && <p className={styles.wrong}>{wrong.files}</p>}
      {canBeMany && hand.every && (
        <Checkbox checked={form.each} onChange={(each) => set({ each })}>
          {plural(hand.every.length, 'session')}, one for each file
        </Checkbox>
      )}
      <div>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          tabIndex={-1}
          aria-label="Files to add"
          onChange={(event) => {
            onFiles([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
        <Button look="ghost" onClick={() => picker.current?.click()}>
          Add files…
        </Button>
      </div>
    </fieldset>
  );
}

/** What a file is by the methodology, or what keeps it from being that, at its place. */
function Recognition({ file, look }: { file: GivenFile; look: Recognised | undefined }) {
  if (!look || file.text === null) return null;
  if (look.problems.length > 0) {
    return (
      <div className={styles.whole}>
        <p className={styles.wrong}>
          {look.nearest === null
            ? 'It is no artifact.'
            : `It is no “${look.nearest}”, to which it comes nearest.`}
        </p>
        <ProblemList problems={look.problems.toSorted(byPlace).slice(0, mostProblems)} text={file.text} />
        {look.problems.length > mostProblems && (
          <p className={styles.soft}>and {plural(look.problems.length - mostProblems, 'more problem')}</p>
        )}
      </div>
    );
  }
  return look.type === null ? null : <p className={styles.good}>valid as “{look.type}”</p>;
}

const mostProblems = 8;

const byPlace = (one: PlacedProblem, other: PlacedProblem) =>
  one.line - other.line || one.column - other.column;

function ArtifactFields({
  form,
  looked: { types },
  wrong,
  set,
  file,
  look,
}: WorkFieldsProps & { file: GivenFile; look: Recognised | undefined }) {
  const type = form.type ?? look?.type ?? '';
  const choose = (next: string) => set({ artifact: file.key, type: next === '' ? null : next });
  return (
    <div className={styles.artifact}>
      <Field
        label="Its type"
        wrong={wrong.artifact}
        hint={types.length === 0 ? 'A name of your choice.' : undefined}
      >
        {(control) =>
          types.length > 0 ? (
            <Select
              {...control}
              value={type}
              options={[
                ...(type === '' ? [{ value: '', label: 'as it is recognised' }] : []),
                ...types.map((name) => ({ value: name, label: name })),
              ]}
              onChange={choose}
            />
          ) : (
            <TextInput {...control} mono value={type} onChange={(event) => choose(event.target.value)} />
          )
        }
      </Field>
      <Field label="Its id">
        {(control) => (
          <TextInput
            {...control}
            mono
            value={form.id ?? idOf(file)}
            onChange={(event) => set({ artifact: file.key, id: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
