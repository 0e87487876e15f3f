import type { Frame } from '@playwright/test';
import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { allow } from './control.ts';
import { boxes, errorBoxes, Notification, press } from './messages.ts';
import { PageFrame } from './page-frame.ts';
import { session } from './session.ts';
import { invoke } from './ipc-main.ts';
import { Menu } from './menu.ts';
import { Tray } from './tray.ts';
import { opened, powerMonitor } from './system.ts';

function theWindow(): BrowserWindow {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) throw new Error('there is no window');
  return window;
}

function theTray(): Tray {
  if (!Tray.present) throw new Error('there is no tray');
  return Tray.present;
}

/** A frame that speaks although no restriction should have let it come into being. */
function strangerAt(url: string, inner: boolean): PageFrame {
  const page = { url: () => url, evaluate: () => Promise.resolve() } as unknown as Frame;
  return new PageFrame(page, inner ? new PageFrame(page, null) : null);
}

/** Everything that tests may look at and do. */
export function giveControl(): void {
  allow('tray', () =>
    Tray.present
      ? {
          tooltip: Tray.present.tooltip,
          title: Tray.present.title,
          menu: (Tray.present.menu?.items ?? []).map(({ label = '', enabled = true }) => ({
            label,
            enabled,
          })),
        }
      : null,
  );
  allow('clickTray', () => theTray().emit('click'));
  allow('chooseInTray', (label: string) => theTray().menu?.choose(label));
  allow('window', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (!window) return null;
    return {
      visible: window.isVisible(),
      focused: window.isFocused(),
      maximized: window.isMaximized(),
      bounds: window.getNormalBounds(),
      title: window.getTitle(),
      url: window.webContents.getURL(),
      preferences: window.webContents.preferences,
    };
  });
  allow('closeWindow', () => theWindow().close());
  allow('blurWindow', () => theWindow().blur());
  allow('moveWindow', (bounds: { x: number; y: number; width: number; height: number }) =>
    theWindow().setBounds(bounds),
  );
  allow('maximizeWindow', () => theWindow().maximize());
  allow('crashWindow', () => theWindow().webContents.crash());
  allow('attachWebview', () => theWindow().webContents.attachWebview());
  allow('askFrom', (url: string, inner: boolean) =>
    invoke('holdfast:connect', { sender: theWindow().webContents, senderFrame: strangerAt(url, inner) }, []),
  );
  allow('downloads', () => theWindow().webContents.downloads);
  allow('notifications', () => Notification.shown.map(({ title, body }) => ({ title, body })));
  allow('clickNotification', (title: string) => {
    const shown = Notification.shown.find((one) => one.title === title);
    if (!shown) throw new Error(`no such notification: ${title}`);
    shown.emit('click', {});
  });
  allow('pressInNotification', (title: string, text: string) => {
    const shown = Notification.shown.find((one) => one.title === title);
    const at = shown?.actions.indexOf(text) ?? -1;
    if (!shown || at < 0) throw new Error(`no notification ${title} with the button ${text}`);
    shown.emit('action', { actionIndex: at });
  });
  allow('boxes', boxes);
  allow('errorBoxes', errorBoxes);
  allow('press', press);
  allow('opened', () => opened);
  allow('appMenu', () => Menu.application?.items.map(({ role, label }) => role ?? label) ?? null);
  allow('told', () => ({ app: app.told, session: session.defaultSession.told }));
  allow('openLink', (url: string) => app.refused('open-url', {}, url));
  allow('activate', () => app.emit('activate', {}));
  allow('systemShutsDown', () => powerMonitor.refused('shutdown'));
  allow('quit', () => app.quit());
}
