import { closeFolders, type OpenFolder } from '../preparing/granted-folders.ts';
import type {
  Command,
  Executor,
  RunningCommand,
  RunningTerminal,
  Sandbox,
  SandboxPlan,
  Told,
} from '../../sandbox/sandbox.ts';

export interface Launched {
  readonly sandbox: Sandbox;
  readonly running: { readonly terminal: RunningTerminal } | { readonly pipes: RunningCommand };
}

/** From a plan to a command at work; where any step fails, nothing of it is left. The folders are closed either way. */
export async function launch(
  executor: Executor,
  { plan, command, folders }: { plan: SandboxPlan; command: Command; folders: readonly OpenFolder[] },
  /** Durable before the command starts. */
  intended: Promise<unknown>,
  signal: AbortSignal,
  told: Told,
): Promise<Launched> {
  const sandbox = await started(executor, plan, signal, told).finally(() => closeFolders(folders));
  try {
    await intended;
    signal.throwIfAborted();
    const running = plan.terminal
      ? { terminal: await sandbox.terminal(command) }
      : { pipes: await sandbox.exec(command) };
    return { sandbox, running };
  } catch (thrown) {
    await sandbox.teardown();
    throw thrown;
  }
}

async function started(
  executor: Executor,
  plan: SandboxPlan,
  signal: AbortSignal,
  told: Told,
): Promise<Sandbox> {
  const prepared = await executor.prepare(plan, signal, told);
  try {
    signal.throwIfAborted();
    return await prepared.start();
  } catch (thrown) {
    await prepared.teardown();
    throw thrown;
  }
}
