/** What several sources give, as it comes; ends when one of them ends. */
export async function* merged<Value>(
  sources: readonly AsyncGenerator<Value, unknown>[],
): AsyncGenerator<Value, void> {
  const next = new Map(sources.map((source, i) => [i, from(source, i)]));
  try {
    while (next.size > 0) {
      const { i, result } = await Promise.race(next.values());
      if (result.done) return;
      const source = sources[i];
      if (source) next.set(i, from(source, i));
      yield result.value;
    }
  } finally {
    // A source that waits ends by its own signal; nobody waits for it here.
    for (const one of next.values()) one.catch(() => undefined);
  }
}

async function from<Value>(source: AsyncGenerator<Value, unknown>, i: number) {
  return { i, result: (await source.next()) as IteratorResult<Value, void> };
}
