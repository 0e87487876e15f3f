import { closeSync, fchmodSync, fchownSync, readlinkSync } from 'node:fs';
import type { Clock } from '../../base/clock.ts';
import { loadPseudoTerminals } from '../namespace/pseudo-terminal.ts';
import { TerminalEnd } from '../namespace/terminal.ts';
import type { TerminalSize } from '../sandbox.ts';
import type { InsideUser } from './inside-user.ts';
import { insidePlaces } from './inside-places.ts';
import type { ContainerMount } from './mounts.ts';

/**
 * A terminal of this machine whose inner end is mounted into the container, where the helper opens it. The engine's
 * own would tell a signal as an exit code, and could not be ended alone.
 */
export interface HostTerminal {
  readonly end: TerminalEnd;
  readonly mount: ContainerMount;
  close(): void;
}

/** Or why there are pipes instead. */
export function openHostTerminal(size: TerminalSize, user: InsideUser, clock: Clock): HostTerminal | string {
  const terminals = loadPseudoTerminals();
  if ('why' in terminals) return terminals.why;
  const pty = terminals.open(size);
  const end = new TerminalEnd(pty, clock);
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    end.close();
    closeSync(pty.slave);
  };
  try {
    fchownSync(pty.slave, user.outsideUid, -1);
    fchmodSync(pty.slave, 0o600);
    const from = readlinkSync(`/proc/self/fd/${pty.slave}`);
    const mount = { what: 'bind', from, at: insidePlaces.terminal, writable: true, thing: null } as const;
    return { end, mount, close };
  } catch (thrown) {
    close();
    throw thrown;
  }
}
