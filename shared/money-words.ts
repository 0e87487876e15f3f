/** Millionths of a dollar; the less they are, the more digits, so that little is never told as nothing. */
export function dollars(micros: number): string {
  const digits = micros === 0 || micros >= 100_000 ? 2 : micros >= 100 ? 4 : 6;
  return `$${(micros / 1_000_000).toFixed(digits)}`;
}

/** What was spent; `unpriced` tokens beside it cost what nobody knows. */
export function spentMoney(micros: number, unpriced: number): string {
  if (unpriced === 0) return dollars(micros);
  return micros === 0 ? 'price unknown' : `${dollars(micros)} and more at unknown prices`;
}
