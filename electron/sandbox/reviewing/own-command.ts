import type { Sandbox } from '../sandbox.ts';

/** Runs a command of Holdfast’s own in a sandbox; what it said is for whoever has to be told that it failed. */
export async function ownCommand(
  sandbox: Sandbox,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<{ well: boolean; said: string }> {
  signal.throwIfAborted();
  const command = await sandbox.exec({ argv, cwd: '/' });
  const cancel = () => command.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  command.endInput();
  let said = '';
  for await (const { bytes } of command.output) said = (said + Buffer.from(bytes).toString()).slice(0, 500);
  const end = await command.ended;
  signal.removeEventListener('abort', cancel);
  signal.throwIfAborted();
  return { well: end.how === 'exited' && end.code === 0, said: said.split('\n')[0] ?? '' };
}
