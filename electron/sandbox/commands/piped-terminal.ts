import type { RunningCommand, RunningTerminal } from '../sandbox.ts';

/** Where no terminal can be had: the same command on pipes, its two streams as one. */
export function pipedTerminal(command: RunningCommand, why: string): RunningTerminal {
  return {
    isTerminal: false,
    why,
    output: bytesOf(command),
    ended: command.ended,
    write: (bytes) => command.write(bytes),
    signal: (signal) => command.signal(signal),
    cancel: () => command.cancel(),
    resize: () => undefined,
  };
}

async function* bytesOf(command: RunningCommand): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of command.output) yield bytes;
}
