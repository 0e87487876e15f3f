import { useEffect, useState } from 'react';
import { ageOf, clockOf } from './words.ts';

/** How long ago, kept true. It looks at the clock only as often as its words change. */
export function Age({ time }: { time: string }) {
  const then = new Date(time);
  const [now, setNow] = useState(() => new Date());
  const seconds = (now.getTime() - then.getTime()) / 1000;
  const wait = seconds < 60 ? 1000 : seconds < 3600 ? 60_000 : 600_000;
  useEffect(() => {
    setNow(new Date());
    const timer = setInterval(() => setNow(new Date()), wait);
    return () => clearInterval(timer);
  }, [wait, time]);
  return (
    <time dateTime={time} title={`${then.toLocaleDateString()} ${clockOf(then)}`}>
      {ageOf(then, now)}
    </time>
  );
}
