/** Resolves when a room was opened, or when nobody waits any more: where there is nothing to tell, nobody opens it for that. */
export async function onceOpen(opened: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const end = () => ended.resolve();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  await Promise.race([opened, ended.promise]);
  signal.removeEventListener('abort', end);
}
