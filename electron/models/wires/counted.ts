/** A number of tokens that a provider told, as far as it is one. */
export function counted(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0
    ? Math.min(Math.ceil(value), 1e12)
    : 0;
}
