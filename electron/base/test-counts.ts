/** `npm run soak` runs the long counts; every other run the short ones. */
export const soaking = process.env['HOLDFAST_SOAK'] === '1';

/** How often a property is tried or a fault is made: a bounded number in each test run, the full one in soak. */
export function count(quick: number, soak: number): number {
  return soaking ? soak : quick;
}
