const lengths: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90s`, `10m`, `1h 30m`; empty is none. */
export function readDeadline(text: string): { seconds: number | null; wrong?: string } {
  const words = text.trim().toLowerCase().replaceAll(/\s+/g, '');
  if (words === '') return { seconds: null };
  if (!/^(\d{1,6}[smhd])+$/.test(words)) return { seconds: null, wrong: 'For example 90s, 10m or 1h 30m.' };
  let seconds = 0;
  for (const [, count, unit] of words.matchAll(/(\d+)([smhd])/g))
    seconds += Number(count) * (lengths[unit ?? ''] ?? 0);
  return seconds > 0 && seconds <= 30 * 86_400
    ? { seconds }
    : { seconds: null, wrong: 'From one second to thirty days.' };
}
