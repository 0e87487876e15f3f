import { useWaitingCount } from '../bridge/approvals.ts';
import { hashOf } from '../ui/place.ts';
import { Icon, Mark } from '../ui/Icon.tsx';
import { Kbd } from '../ui/Kbd.tsx';
import styles from './Navigation.module.css';
import { screens } from './screens.ts';

export function Navigation({ here, onPalette }: { here: string; onPalette: () => void }) {
  const waiting = useWaitingCount();
  return (
    <nav className={styles.navigation} aria-label="Screens">
      <div className={styles.brand}>
        <Mark />
        <span className={styles.name}>Holdfast</span>
      </div>
      {screens.map(({ path, title, icon, keys }) => (
        <a
          key={path}
          href={hashOf(path)}
          className={styles.link}
          title={title}
          aria-keyshortcuts={keys}
          aria-current={path === here ? 'page' : undefined}
        >
          <Icon name={icon} />
          <span className={styles.name}>{title}</span>
          <span className={styles.keys}>
            <Kbd keys={keys} />
          </span>
          {path === 'approvals' && waiting > 0 && (
            <span className={styles.waiting} aria-label={`${waiting} waiting`}>
              {waiting}
            </span>
          )}
        </a>
      ))}
      <button type="button" className={styles.anything} onClick={onPalette} title="Command palette">
        <Kbd keys="mod k" /> <span className={styles.name}>anything</span>
      </button>
    </nav>
  );
}
