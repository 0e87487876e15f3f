import { Button } from './Button.tsx';
import styles from './Tabs.module.css';

/** A few looks at the same thing, one of them shown. */
export function Tabs<Value extends string>({
  label,
  shown,
  tabs,
  onShow,
}: {
  label: string;
  shown: Value;
  tabs: readonly { value: Value; label: string }[];
  onShow: (value: Value) => void;
}) {
  return (
    <div className={styles.tabs} role="group" aria-label={label}>
      {tabs.map(({ value, label: words }) => (
        <Button
          key={value}
          look={shown === value ? 'plain' : 'ghost'}
          aria-pressed={shown === value}
          onClick={() => onShow(value)}
        >
          {words}
        </Button>
      ))}
    </div>
  );
}
