import { Problem } from '../../shared/problem.ts';
import type { PathAct } from './act.ts';
import type { CapabilityTokens, Holder } from './capability-tokens.ts';
import type { OpenPath, PathOpener } from './open-path.ts';

/**
 * Opens a path and asks for it by where it really leads. The caller acts on the descriptor it gets, never
 * on what was asked for, and closes it.
 */
export async function authorizePath(
  tokens: CapabilityTokens,
  open: PathOpener,
  holder: Holder,
  { kind, path }: { kind: PathAct; path: string | Uint8Array },
): Promise<OpenPath> {
  let opened: OpenPath;
  try {
    opened = open(path, { countNames: kind === 'file_write' });
  } catch (thrown) {
    const { message } = Problem.of(thrown);
    throw await tokens.deny(holder, 'unclear_path', `${kind}: ${message}`, { cause: thrown });
  }
  try {
    await tokens.authorize(holder, { kind, path: opened.path });
    return opened;
  } catch (thrown) {
    opened.close();
    throw thrown;
  }
}
