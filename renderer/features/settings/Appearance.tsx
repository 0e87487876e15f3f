import { Card, Section } from '../../ui/Card.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { useTheme } from '../../ui/theme.ts';
import styles from './SettingsForm.module.css';

const options = [
  { value: 'system' as const, label: 'As the system', detail: 'changes when it does' },
  { value: 'light' as const, label: 'Light' },
  { value: 'dark' as const, label: 'Dark' },
];

export function Appearance() {
  const { theme, choose } = useTheme();
  return (
    <Section title="Appearance">
      <Card className={styles.card}>
        <Choice label="Theme" value={theme} options={options} onChange={choose} />
      </Card>
    </Section>
  );
}
