/**
 * What the desktop's windows may not do: everything that our own pages do not need. All of it is in this file.
 * The pages come from this app alone, over a scheme of their own, and reach the house through one port.
 */
import {
  app,
  dialog,
  protocol,
  session,
  shell,
  type WebContents,
  type WebFrameMain,
  type WebPreferences,
} from 'electron';
import type { Log } from '../base/log.ts';

export const pageScheme = 'holdfast-app';

/** A development server takes the place of the built pages, in a checkout only. */
const developmentServer = () => (app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']);

/** Where the pages are; every other address is foreign. */
export const pagesAt = () => `${developmentServer() ?? `${pageScheme}://pages`}/`;

/** Sites that a link of ours may open in the person's browser, after they agreed. */
const outside: ReadonlySet<string> = new Set(['github.com', 'c2sp.org', 'www.rfc-editor.org']);

/** What a window may do. */
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
  // Whoever can open them acts as the person whose window it is.
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

/** A page stays where it is, opens nothing and embeds nothing. */
function restrictContents(contents: WebContents): void {
  const stay = (event: { readonly url: string; preventDefault(): void }) => {
    if (!event.url.startsWith(pagesAt())) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  // A frame has no place in our pages, whatever it shows.
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    void openOutside(url);
    return { action: 'deny' };
  });
}

/** Opens a link in the person's browser: only to a site we know, and only when they say so. */
async function openOutside(address: string): Promise<void> {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' || !outside.has(url.host) || url.username !== '' || url.password !== '')
    return;
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: 'Open this page in your browser?',
    detail: url.href,
    buttons: ['Open', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  if (response === 0) await shell.openExternal(url.href);
}

/** What pages may ask the session for: to put text on the clipboard, and to save what they made themselves. */
export function restrictSession(log: Log): void {
  const own = session.defaultSession;
  const allowed = (permission: string, frame: WebFrameMain | null | undefined) =>
    permission === 'clipboard-sanitized-write' && isOwnPage(frame ?? null);
  own.setPermissionRequestHandler((contents, permission, answer) => {
    const may = allowed(permission, contents.mainFrame);
    if (!may) log.warn({ permission }, 'a page asked for a permission and was refused');
    answer(may);
  });
  own.setPermissionCheckHandler((contents, permission) => allowed(permission, contents?.mainFrame));
  own.setDevicePermissionHandler(() => false);
  own.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  // No remote content, whatever a page tries: only its own address and what it made in memory.
  own.webRequest.onBeforeRequest((request, answer) => answer({ cancel: !isLocal(request.url) }));
  own.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${pagesAt()}`)) event.preventDefault();
  });
  own.setSpellCheckerEnabled(false);
  // Nothing is ever fetched, so no proxy is looked for either.
  own.setProxy({ mode: 'direct' }).catch((failure: unknown) => {
    log.warn({ err: failure }, 'the proxy could not be turned off');
  });
}

function isLocal(address: string): boolean {
  const { protocol: scheme, origin } = new URL(address);
  if (scheme === 'blob:' || scheme === 'data:' || scheme === `${pageScheme}:`) return true;
  if (app.isPackaged) return false;
  // In a checkout: the development server with its WebSocket, and the developer's tools.
  const server = developmentServer();
  return (
    scheme === 'devtools:' ||
    (server !== undefined && origin.replace(/^ws/, 'http') === new URL(server).origin)
  );
}
