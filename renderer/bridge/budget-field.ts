export interface ReadBudget {
  readonly budget: { tokens: number | null; micros: number | null } | null;
  readonly wrong?: string;
}

/** `$2.50`, `2.50`, `500000 tokens` or `500k tokens`; empty is none. */
export function readBudget(text: string): ReadBudget {
  const trimmed = text.trim().toLowerCase().replaceAll(',', '');
  if (trimmed === '') return { budget: null };
  const [, money] = /^\$?\s*(\d{1,6}(?:\.\d{1,6})?)(?:\s*dollars)?$/.exec(trimmed) ?? [];
  if (money !== undefined && Number(money) > 0) {
    return { budget: { tokens: null, micros: Math.round(Number(money) * 1_000_000) } };
  }
  const [, count, thousands] = /^(\d{1,9})\s*(k?)\s*tokens$/.exec(trimmed) ?? [];
  if (count !== undefined && Number(count) > 0) {
    return { budget: { tokens: Number(count) * (thousands === 'k' ? 1000 : 1), micros: null } };
  }
  return { budget: null, wrong: 'A sum such as $2.50, or a number such as 500k tokens.' };
}
