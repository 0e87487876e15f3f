import { useStatus } from '../../bridge/house.ts';
import { Age } from '../../ui/Age.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Facts } from './Facts.tsx';
import styles from './SettingsForm.module.css';

export function About() {
  const status = useStatus();
  return (
    <Section title="About">
      <Card className={styles.card}>
        {status && (
          <Facts
            facts={[
              ['Version', status.version],
              ['Runs as', status.surface === 'desktop' ? 'the desktop app' : 'a daemon'],
              ['Started', <Age key="started" time={status.started} />],
              ['Process', String(status.pid)],
              ['Licence', 'MIT'],
            ]}
          />
        )}
      </Card>
    </Section>
  );
}
