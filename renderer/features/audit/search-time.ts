const units: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };

function midnight(time: Date, days = 0): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate() + days);
}

/**
 * A time as people write it in the search: how long ago (`10m`), a day by name, a date, or a date with
 * a time, in this machine's time zone. A whole day begins with `since` and ends with `until`.
 */
export function timeOf(text: string, end: 'since' | 'until', now: Date): Date | null {
  const words = text.toLowerCase();
  const whole = end === 'until' ? 1 : 0;
  if (words === 'now') return now;
  if (words === 'today') return midnight(now, whole);
  if (words === 'yesterday') return midnight(now, whole - 1);
  const [, amount, unit] = /^(\d{1,6})(s|m|min|h|d|w)$/.exec(words) ?? [];
  if (amount && unit) return new Date(now.getTime() - Number(amount) * (units[unit] ?? 0) * 1000);
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(words);
  if (date) return dayOf(Number(date[1]), Number(date[2]), Number(date[3]) + whole, whole);
  if (!/^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(z|[+-]\d{2}:\d{2})?$/.test(words)) return null;
  const exact = new Date(text.toUpperCase());
  return Number.isNaN(exact.getTime()) ? null : exact;
}

function dayOf(year: number, month: number, day: number, shift: number): Date | null {
  const asked = new Date(year, month - 1, day - shift);
  const real = asked.getMonth() === month - 1 && asked.getDate() === day - shift;
  return real ? new Date(year, month - 1, day) : null;
}
