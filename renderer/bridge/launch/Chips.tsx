import type { LaunchForm, LaunchWish } from './launch-form.ts';
import styles from './Launch.module.css';

const modes = { ro: 'read', rw: 'read and write', review: 'review' } as const;

/** What it may do at most, at a glance; each opens where it is changed. */
export function Chips({
  form,
  wish,
  open,
  onOpen,
}: {
  form: LaunchForm;
  wish: LaunchWish | null;
  open: boolean;
  onOpen: () => void;
}) {
  const folders = wish?.ceiling?.folders ?? form.folders.filter(({ path }) => path.trim() !== '');
  const hosts = wish?.ceiling?.hosts ?? form.hosts.split(/[\s,]+/).filter((host) => host !== '');
  const sandbox = wish?.ceiling?.sandbox ?? form.sandbox;
  const [first, ...others] = folders;
  const chips = [
    {
      name: 'Folder',
      value: first ? `${nameOf(first.path)} · ${modes[first.mode]}` : 'none',
      more: others.length,
    },
    { name: 'Sandbox', value: sandbox === 'container' ? 'container' : 'this system', more: 0 },
    { name: 'Network', value: hosts[0] ?? 'none', more: Math.max(0, hosts.length - 1) },
    { name: 'Budget', value: form.budget.trim() || 'as set', more: 0 },
    ...(form.deadline.trim() === '' ? [] : [{ name: 'Deadline', value: form.deadline, more: 0 }]),
  ];
  return (
    <button
      type="button"
      className={styles.chips}
      aria-expanded={open}
      aria-controls={open ? 'launch-limits' : undefined}
      onClick={onOpen}
    >
      {chips.map(({ name, value, more }) => (
        <span key={name} className={styles.chip}>
          {name} <b>{value}</b>
          {more > 0 && ` and ${more}`}
        </span>
      ))}
    </button>
  );
}

const nameOf = (path: string) => path.replace(/\/+$/, '').split('/').at(-1) ?? path;
