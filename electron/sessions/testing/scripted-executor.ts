import { fstatSync } from 'node:fs';
import type { Command, Executor, Sandbox, SandboxEnd, SandboxPlan, Told } from '../../sandbox/sandbox.ts';
import { ScriptedCommand } from './scripted-command.ts';

/** Stands for a way to contain, where a test needs it to fail or to wait in a certain way; it contains nothing and runs nothing. */
export class ScriptedExecutor implements Executor {
  readonly kind = 'namespace';
  readonly plans: SandboxPlan[] = [];
  readonly commands: { command: Command; running: ScriptedCommand }[] = [];
  readonly left: string[] = [];
  /** Set to fail at that step. */
  failing: { step: 'prepare' | 'start' | 'exec'; failure: Error } | null = null;
  /** Set to take its time over preparing, and to tell so. */
  slow: { words: string; until: Promise<void> } | null = null;
  torn = 0;
  readonly sandboxEnds: PromiseWithResolvers<SandboxEnd>[] = [];

  look() {
    return Promise.resolve([]);
  }

  async prepare(plan: SandboxPlan, signal: AbortSignal, told?: Told) {
    this.#fail('prepare');
    if (this.slow) {
      // Whoever hears of it knows the session by then.
      await new Promise((resolve) => setImmediate(resolve));
      told?.(this.slow.words);
      await this.slow.until;
    }
    signal.throwIfAborted();
    for (const { fd } of plan.folders) fstatSync(fd);
    this.plans.push(plan);
    return {
      start: async () => {
        this.#fail('start');
        return this.#sandbox();
      },
      teardown: async () => void this.torn++,
    };
  }

  reconcile() {
    return Promise.resolve({ removed: this.left.splice(0) });
  }

  close() {
    return Promise.resolve();
  }

  #fail(step: 'prepare' | 'start' | 'exec'): void {
    if (this.failing?.step === step) throw this.failing.failure;
  }

  #sandbox(): Sandbox {
    const end = Promise.withResolvers<SandboxEnd>();
    this.sandboxEnds.push(end);
    const begin = (command: Command) => {
      this.#fail('exec');
      const running = new ScriptedCommand();
      this.commands.push({ command, running });
      return running;
    };
    const own: ScriptedCommand[] = [];
    return {
      kind: 'namespace',
      layers: [{ id: 'script', name: 'Script', holds: 'no', detail: 'nothing runs' }],
      proxy: null,
      files: {} as Sandbox['files'],
      ended: end.promise,
      exec: async (command) => {
        const running = begin(command);
        own.push(running);
        return running;
      },
      terminal: async (command) => {
        const running = begin(command);
        own.push(running);
        return terminalOf(running);
      },
      stop: async () => own.forEach((running) => running.signal()),
      teardown: async () => {
        this.torn++;
        end.resolve({ how: 'stopped' });
      },
    };
  }
}

function terminalOf(running: ScriptedCommand) {
  const output = (async function* () {
    for await (const { bytes } of running.output) yield bytes;
  })();
  return {
    isTerminal: true,
    why: null,
    output,
    ended: running.ended,
    write: (bytes: Uint8Array) => running.write(bytes),
    signal: () => running.signal(),
    cancel: () => running.cancel(),
    resize: () => undefined,
  };
}
