import { Icon } from '../../ui/Icon.tsx';
import styles from './Work.module.css';
import type { CommandAgent } from './work-form.ts';

/** What it will be allowed, in words, before it starts. */
export function WorkMay({ agent, rights }: { agent: CommandAgent; rights: readonly string[] }) {
  return (
    <div className={styles.may}>
      <Icon name="shield" />
      <ul aria-label="What it may do">
        {mayLines(agent, rights).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

function mayLines({ sandbox, network, command }: CommandAgent, rights: readonly string[]): string[] {
  const place =
    sandbox.kind === 'container'
      ? `a container${sandbox.image === null ? '' : ` from ${sandbox.image}`}`
      : 'a sandbox of this system';
  const how = command.terminal ? 'on a terminal' : 'on plain pipes';
  const others = rights.filter((right) => !right.startsWith('connect to '));
  return [
    `Works in ${place}, ${how}, on a fresh clone; the repository stays as it is.`,
    network.length === 0 ? 'Reaches nothing on the network.' : `May reach ${network.join(', ')}.`,
    ...(others.length > 0 ? [`May ${others.join(', ')}.`] : []),
    'What it does is on the record; what it changed waits for you.',
  ];
}
