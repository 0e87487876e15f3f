const mostTold = 5;

/** Those that are spelled most alike, for a sentence. */
export function nearNames(name: string, names: readonly string[]): string {
  const nearest = names
    .map((other) => ({ other, steps: stepsBetween(name.toLowerCase(), other.toLowerCase()) }))
    .toSorted((a, b) => a.steps - b.steps)
    .slice(0, mostTold)
    .map(({ other }) => `“${other.slice(0, 100)}”`);
  const more = names.length - nearest.length;
  return more > 0 ? `${nearest.join(', ')} and ${more} more` : nearest.join(', ');
}

/** How many letters must be put in, taken out or changed to make one of the other. */
function stepsBetween(one: string, other: string): number {
  const [a, b] = [one.slice(0, 100), other.slice(0, 100)];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
