import { closeSync, constants, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { TerminalSize } from '../sandbox.ts';

/** What is used of node-pty's compiled part. */
interface NativePart {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
  resize(fd: number, columns: number, rows: number): void;
}

/** Both ends of a new terminal. The slave is for the sandbox; whoever starts that closes it here. */
export interface PseudoTerminal {
  readonly master: number;
  readonly slave: number;
  resize(size: TerminalSize): void;
}

export type OpenPseudoTerminal = (size: TerminalSize) => PseudoTerminal;

export const pseudoTerminalMend =
  'Install a compiler (`sudo apt install g++`) and start Holdfast again: it then builds node-pty’s part for this machine.';

/** node-pty is optional: without it, or without its compiled part, there are pipes instead of terminals. */
export type PseudoTerminals = { readonly open: OpenPseudoTerminal } | { readonly why: string };

export function loadPseudoTerminals(): PseudoTerminals {
  let native: NativePart;
  try {
    native = loadNativePart();
  } catch {
    return { why: `node-pty’s compiled part is missing. ${pseudoTerminalMend}` };
  }
  return { open: (size) => openPseudoTerminal(native, size) };
}

/** Its own loader finds the compiled part wherever the package is, also inside a packaged app. */
function loadNativePart(): NativePart {
  const require = createRequire(import.meta.url);
  const loader = require('node-pty/lib/utils.js') as {
    loadNativeModule(name: string): { module: NativePart };
  };
  return loader.loadNativeModule('pty').module;
}

function openPseudoTerminal(native: NativePart, { columns, rows }: TerminalSize): PseudoTerminal {
  const made = native.open(columns, rows);
  try {
    // Opened anew, so that programs do not find it in the non-blocking mode that is set on the one made here.
    const slave = openSync(made.pty, constants.O_RDWR | constants.O_NOCTTY);
    return {
      master: made.master,
      slave,
      resize: (size) => native.resize(made.master, size.columns, size.rows),
    };
  } catch (failure) {
    closeSync(made.master);
    throw failure;
  } finally {
    closeSync(made.slave);
  }
}
