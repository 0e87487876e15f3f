/** Millionths of a dollar that were spent; `unpriced` tokens beside it cost what nobody knows. */
export function spentMoney(micros: number, unpriced: number, digits: number): string {
  const money = `$${(micros / 1_000_000).toFixed(digits)}`;
  if (unpriced === 0) return money;
  return micros === 0 ? 'price unknown' : `${money} and more at unknown prices`;
}
