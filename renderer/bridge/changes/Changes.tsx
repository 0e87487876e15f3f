import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Change } from '../../../shared/contract/reviewing.ts';
import { useHouse } from '../house.ts';
import { ProblemNote } from '../ProblemNote.tsx';
import { useTask } from '../use-task.ts';
import { Button } from '../../ui/Button.tsx';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { say } from '../../ui/Toast.tsx';
import { plural } from '../../ui/words.ts';
import { ChangeText } from './ChangeText.tsx';
import { DiscardDialog } from './DiscardDialog.tsx';
import { type ReviewOf, reviewOf } from './review-of.ts';
import styles from './Changes.module.css';

const kinds: Record<Change['kind'], string> = {
  added: 'new',
  modified: 'changed',
  removed: 'removed',
  mode: 'other permissions',
  replaced: 'replaced',
};

export interface ChangesProps {
  of: ReviewOf;
  /** Whether something waits, and whether it can be decided on by now. */
  waits: boolean;
  over: boolean;
}

/** What a session or a run would change in folders under review: all of it, some of it or none of it is applied. */
export function Changes({ of: { kind, id }, waits, over }: ChangesProps) {
  const { client } = useHouse();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [looked, setLooked] = useState<string | null>(null);
  const [discarding, setDiscarding] = useState(false);
  const review = useMemo(() => reviewOf(client, { kind, id }), [client, kind, id]);
  const found = useTask((signal) => review.changes(signal));
  const { run: look } = found;
  const again = useCallback(() => void look(), [look]);
  useEffect(() => {
    if (waits && over) again();
  }, [again, waits, over]);

  const all = (found.result ?? []).flatMap(({ changes }) => changes);
  const chosen = all.filter(({ key, refusal }) => refusal === null && !left.has(key));
  const apply = useTask(async (_signal) => {
    const keys = chosen.map(({ key }) => key);
    const done = await review.apply(keys);
    say(`Applied ${plural(done.applied, 'change')}.`);
    again();
  });
  const discard = useTask(async (_signal) => {
    await review.discard();
    setDiscarding(false);
    say('The changes were thrown away.');
  });
  const toggle = (key: string, kept: boolean) => {
    const next = new Set(left);
    if (kept) next.delete(key);
    else next.add(key);
    setLeft(next);
  };

  if (!waits) return <p className={styles.none}>It is decided.</p>;
  if (!over) return <p className={styles.none}>The changes can be seen when it has ended.</p>;
  return (
    <div className={styles.changes}>
      <ProblemNote problem={found.problem ?? apply.problem ?? discard.problem} />
      {found.busy && !found.result && <p className={styles.none}>Comparing …</p>}
      {found.result?.map(({ folder, changes, more, way }) => (
        <section key={folder} aria-label={`Changes in ${folder}`}>
          <h2 title={`by ${way}`}>{folder}</h2>
          {changes.length === 0 && <p className={styles.none}>Nothing was changed.</p>}
          <ul className={styles.list}>
            {changes.map((change) => (
              <ChangeRow
                key={change.key}
                change={change}
                folder={folder}
                kept={!left.has(change.key)}
                looked={looked === change.key}
                onKeep={(kept) => toggle(change.key, kept)}
                onLook={() => setLooked(looked === change.key ? null : change.key)}
                of={{ kind, id }}
              />
            ))}
          </ul>
          {more > 0 && (
            <p className={styles.none}>and {plural(more, 'more change')}, listed as these are applied</p>
          )}
        </section>
      ))}
      <footer className={styles.actions}>
        <Button onClick={() => setDiscarding(true)} disabled={discard.busy}>
          Throw away…
        </Button>
        <Button look="lead" disabled={chosen.length === 0} busy={apply.busy} onClick={() => void apply.run()}>
          Apply {plural(chosen.length, 'change')}
        </Button>
      </footer>
      <DiscardDialog
        of={kind}
        stays="Your folders stay as they are."
        open={discarding}
        discard={discard}
        onClose={() => setDiscarding(false)}
      />
    </div>
  );
}

function ChangeRow({
  change,
  folder,
  kept,
  looked,
  onKeep,
  onLook,
  of,
}: {
  change: Change;
  folder: string;
  kept: boolean;
  looked: boolean;
  onKeep: (kept: boolean) => void;
  onLook: () => void;
  of: ReviewOf;
}) {
  const name = change.path.startsWith(`${folder}/`) ? change.path.slice(folder.length + 1) : change.path;
  return (
    <li className={styles.change}>
      <Checkbox
        label={`Apply ${name}`}
        checked={kept && change.refusal === null}
        disabled={change.refusal !== null}
        onChange={onKeep}
      />
      <button type="button" className={styles.path} aria-expanded={looked} onClick={onLook}>
        <code>{name}</code>
      </button>
      <span className={styles.kind}>{kinds[change.kind]}</span>
      {change.refusal !== null && <p className={styles.refusal}>{change.refusal}</p>}
      {looked && <ChangeText of={of} change={change} />}
    </li>
  );
}
