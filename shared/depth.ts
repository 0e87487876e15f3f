/** Deeper than anybody writes; everything that goes through a value by itself gets through so much. */
export const mostDepth = 100;

/** Whether lists and objects lie within one another more often than that. It takes no stack, however deep they are. */
export function isTooDeep(value: unknown): boolean {
  let level = new Set<unknown>([value].filter(isNesting));
  for (let depth = 0; level.size > 0; depth++) {
    if (depth === mostDepth) return true;
    // Each once, as what names itself would otherwise become more with every step.
    const below = new Set<unknown>();
    for (const each of level) {
      for (const inner of Object.values(each as object)) if (isNesting(inner)) below.add(inner);
    }
    level = below;
  }
  return false;
}

const isNesting = (value: unknown) => typeof value === 'object' && value !== null;
