/**
 * What the desktop's windows may not do: everything that a page of ours does not need. All of it is in this file.
 * The pages come from this app alone, over a scheme of its own, and reach the house through one port.
 */
import { app, protocol, session, type WebContents, type WebFrameMain, type WebPreferences } from 'electron';

export const pageScheme = 'holdfast-app';

/** A development server takes the place of the built pages, in a checkout only. */
const devServer = () => (app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']);

/** Where the pages are. */
export const pagesAt = () => `${devServer() ?? `${pageScheme}://pages`}/`;

export const webPreferences = (preload: string): WebPreferences => ({
  preload,
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  navigateOnDragDrop: false,
  webviewTag: false,
  spellcheck: false,
  // No right for pages beyond drawing: a page in the debugger could do what its person could.
  devTools: !app.isPackaged,
});

/** Whether the one who speaks is the page itself: our own, and not a frame inside it. */
export function isOwnPage(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && frame.url.startsWith(pagesAt());
}

/** Must run before Electron is ready. */
export function restrictApp(): void {
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  app.on('web-contents-created', (_event, contents) => restrictContents(contents));
}

function restrictContents(contents: WebContents): void {
  const stay = (event: Electron.Event<Electron.WebContentsWillNavigateEventParams>) => {
    if (!event.url.startsWith(pagesAt())) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.on('will-attach-webview', (event) => event.preventDefault());
}

/** What a page may ask the session for: nothing but to put text on the clipboard. */
export function restrictSession(): void {
  const own = session.defaultSession;
  own.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  own.setPermissionCheckHandler(() => false);
  own.setDevicePermissionHandler(() => false);
}
