import { Age } from '../../ui/Age.tsx';
import { Card } from '../../ui/Card.tsx';
import { Dot } from '../../ui/Dot.tsx';
import styles from './Lines.module.css';
import type { NowLine } from './now-lines.ts';

/** A few things, each a link to where it is looked at whole. */
export function Lines({ lines, label }: { lines: readonly NowLine[]; label: string }) {
  return (
    <Card>
      <ul className={styles.list} aria-label={label}>
        {lines.map(({ id, title, code, words, tone, time, href }) => (
          <li key={id}>
            <a className={styles.line} href={href}>
              <Dot tone={tone} />
              <span className={styles.words}>
                <span className={styles.title}>{code ? <code>{title}</code> : title}</span>
                <span className={styles.detail}>{words}</span>
              </span>
              <span className={styles.age}>
                <Age time={time} />
              </span>
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}
