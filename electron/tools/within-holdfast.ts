/** What tools have in common that touch nothing outside Holdfast: they are done again after a crash, one by one. */
export const withinHoldfast = {
  needs: null,
  repeatable: true,
  parallel: false,
  surface: 'none' as const,
  action: false,
  intends: () => [],
};
