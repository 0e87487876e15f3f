/** Figures and times as people read them. */
export const countOf = (count: number) => count.toLocaleString('en');

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countOf(count)} ${count === 1 ? one : many}`;
}

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

export function bytesOf(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return unit === 0
    ? plural(bytes, 'byte')
    : `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

const two = (value: number) => String(value).padStart(2, '0');

export function clockOf(time: Date): string {
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

const dayOf = (time: Date) => time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });

export function sameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}

/** To the millisecond today, with the day otherwise: always short enough for a column. */
export function momentOf(time: Date, now: Date): string {
  if (sameDay(time, now)) return `${clockOf(time)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
  if (time.getFullYear() === now.getFullYear()) return `${dayOf(time)} ${clockOf(time).slice(0, 5)}`;
  return `${dayOf(time)} ${time.getFullYear()}`;
}

/** With everything, for where there is room. */
export function fullTimeOf(time: Date): string {
  return `${dayOf(time)} ${time.getFullYear()}, ${clockOf(time)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

export function ageOf(time: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - time.getTime()) / 1000));
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return plural(Math.floor(seconds / 86_400), 'day').concat(' ago');
}

/** A long hash as its two ends. */
export function ends(hash: string, kept = 4): string {
  return hash.length <= kept * 2 + 1 ? hash : `${hash.slice(0, kept)}…${hash.slice(-kept)}`;
}
