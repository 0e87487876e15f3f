/**
 * The window's only bridge to the desktop app. The preload script exposes `window.holdfast`; each
 * `connect()` makes it send a fresh MessagePort to its own window, in a message that is `portMessage`
 * and carries the port. The page believes such a message only from its own window.
 */
export interface DesktopBridge {
  readonly surface: 'desktop';
  /** Asks for a port; rejects where the main process refuses. The port arrives as a message. */
  connect(): Promise<void>;
}

/** Under this name the preload script exposes the bridge. */
export const bridgeName = 'holdfast';

export const portMessage = 'holdfast:port';

/** The preload script's one question to the main process: a fresh port for this page. */
export const connectCall = 'holdfast:connect';
