/** Where the period that runs began, and where it ends. Aligned, so that a restart finds the same. */
export function period(now: Date, seconds: number): { since: number; until: number | null } {
  if (seconds <= 0) return { since: 0, until: null };
  const length = seconds * 1000;
  const since = Math.floor(now.getTime() / length) * length;
  return { since, until: since + length };
}

/** The person's day: from midnight to midnight where this machine is. */
export function today(now: Date): { since: number; until: number } {
  const start = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const end = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  return { since: start.getTime(), until: end.getTime() };
}
