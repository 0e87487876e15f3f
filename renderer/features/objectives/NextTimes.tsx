import styles from './Times.module.css';

/** The next times, as a clock in their zone shows them. */
export function NextTimes({ times, zone }: { times: readonly string[]; zone: string | null }) {
  const format = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(zone !== null && { timeZone: zone }),
  });
  return (
    <ol className={styles.next} aria-label="Next times">
      {times.map((time) => (
        <li key={time}>
          <time dateTime={time}>{format.format(new Date(time))}</time>
        </li>
      ))}
    </ol>
  );
}
