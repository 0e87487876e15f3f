import { Icon } from '../../ui/Icon.tsx';
import { Button } from '../../ui/Button.tsx';
import { go } from '../../ui/place.ts';
import styles from './Launch.module.css';
import type { Launch } from './use-launch.ts';

/** What it would be allowed, and what keeps it from being started, before it is. */
export function MayLine({
  launch: { read, preview, wrongParams },
  lacksModel,
  onRecipe,
}: {
  launch: Launch;
  /** Whether it needs a model, where none is set up. */
  lacksModel: boolean;
  /** Leads to what may need none; null where that is shown already. */
  onRecipe: (() => void) | null;
}) {
  const wish = read.wish;
  const general = wrongParams.filter(({ parameter }) => parameter === null).map(({ message }) => message);
  const problems = [...general, ...(preview?.problems ?? [])];
  const words = wish ? mayWords(preview?.rights ?? [], wish.ceiling?.hosts ?? []) : null;
  return (
    <div className={styles.may} id="launch-consequence" aria-live="polite">
      <Icon name="shield" />
      <div className={styles.maywords}>
        {words && preview ? (
          <p>{words}</p>
        ) : (
          <p>
            What it may do is shown here before it starts. Nothing gets more than that, whatever a plan says.
          </p>
        )}
        {preview && preview.beyond.length > 0 && (
          <p className={styles.beyond}>
            It asks for more, which it does not get: {preview.beyond.slice(0, 5).join('; ')}.
          </p>
        )}
        {problems.map((problem) => (
          <p key={problem} className={styles.wrong}>
            {problem}
          </p>
        ))}
        {lacksModel && (
          <p className={styles.needs}>
            It needs a model, and none is set up yet.
            <Button onClick={() => go('settings', { do: 'model' })}>Set up…</Button>
            {onRecipe && <Button onClick={onRecipe}>Choose a recipe…</Button>}
          </p>
        )}
      </div>
    </div>
  );
}

function mayWords(rights: readonly string[], hosts: readonly string[]): string {
  const may = rights.length === 0 ? '' : `May ${rights.join(', ')}. `;
  return `${may}${hosts.length === 0 ? 'Reaches nothing on the network. ' : ''}What it does is on the record.`;
}
