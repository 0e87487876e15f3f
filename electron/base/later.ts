/** Made when first asked for, and kept; where making it failed, the next who asks tries again. */
export type Later<T> = () => Promise<T>;

export function later<T>(make: () => Promise<T>): Later<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((failure: unknown) => {
      made = undefined;
      throw failure;
    });
    return made;
  };
}
