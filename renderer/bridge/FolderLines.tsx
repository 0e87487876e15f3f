import type { FolderMode } from '../../shared/session.ts';
import { Button } from '../ui/Button.tsx';
import { TextInput } from '../ui/Field.tsx';
import styles from './FolderLines.module.css';

export interface FolderLine {
  readonly path: string;
  readonly mode: FolderMode;
}

const modes = [
  { value: 'review', label: 'Review before write' },
  { value: 'ro', label: 'Read only' },
  { value: 'rw', label: 'Read and write' },
] as const;

/** The folders that it sees, each with what it may do there. */
export function FolderLines({
  folders,
  wrong,
  onChange,
}: {
  folders: readonly FolderLine[];
  wrong: string | undefined;
  onChange: (folders: readonly FolderLine[]) => void;
}) {
  const set = (at: number, change: Partial<FolderLine>) =>
    onChange(folders.map((line, index) => (index === at ? { ...line, ...change } : line)));
  return (
    <fieldset className={styles.folders}>
      <legend>Folders</legend>
      {folders.map(({ path, mode }, at) => (
        // Lines have no identity of their own: what is typed belongs to its place.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={at} className={styles.line}>
          <TextInput
            mono
            aria-label={`Folder ${at + 1}`}
            aria-invalid={wrong && path !== '' && !path.startsWith('/') ? true : undefined}
            placeholder="/whole/path"
            value={path}
            onChange={(event) => set(at, { path: event.target.value })}
          />
          <select
            aria-label={`What it may do in folder ${at + 1}`}
            className={styles.mode}
            value={mode}
            onChange={(event) => {
              const chosen = modes.find(({ value }) => value === event.target.value);
              if (chosen) set(at, { mode: chosen.value });
            }}
          >
            {modes.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
          <Button
            look="ghost"
            aria-label={`Remove folder ${at + 1}`}
            onClick={() => onChange(folders.filter((_, index) => index !== at))}
          >
            Remove
          </Button>
        </div>
      ))}
      {wrong && <p className={styles.wrong}>{wrong}</p>}
      <div>
        <Button look="ghost" onClick={() => onChange([...folders, { path: '', mode: 'ro' }])}>
          Add a folder
        </Button>
      </div>
    </fieldset>
  );
}
