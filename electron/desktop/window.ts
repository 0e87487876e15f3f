import { BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { DesktopMemory } from './desktop-memory.ts';
import { pagesAt, webPreferences } from './security-restrictions.ts';
import { placeWindow, smallest } from './window-place.ts';

export interface MainWindowNeeds {
  readonly files: { readonly preload: string; readonly icons: string };
  readonly memory: DesktopMemory;
  readonly clock: Clock;
  readonly log: Log;
  /** Asked when the person closes the window: whether it only hides. */
  readonly hides: () => boolean;
  readonly closed: () => void;
  /** Windows ends the session; there is little time. */
  readonly sessionEnds: () => void;
}

/** Two crashes within this time are not mended by loading the page once more. */
const crashLoop = 10_000;

/** The one window: made when it is first needed, remembered where it was, hidden rather than closed. */
export class MainWindow {
  readonly #needs: MainWindowNeeds;
  #window: BrowserWindow | undefined;
  #waiting = 0;
  #crashed = Number.NEGATIVE_INFINITY;

  constructor(needs: MainWindowNeeds) {
    this.#needs = needs;
  }

  get focused(): boolean {
    return this.#window?.isFocused() ?? false;
  }

  /** Whether a person looks at this place of the window, or at something within it. */
  looksAt(place: string): boolean {
    const shown = this.focused ? this.#window?.webContents.getURL() : undefined;
    const looked = shown?.slice(pagesAt().length);
    return looked === place || ['/', '&'].some((further) => looked?.startsWith(place + further));
  }

  /** The window, where a person can see it now. */
  get shown(): BrowserWindow | undefined {
    return this.#window?.isVisible() ? this.#window : undefined;
  }

  /** Shows the window, at a place where one is given. */
  open(place: string | null): void {
    const window = this.#window;
    if (!window) return this.#create(place ?? '');
    if (place !== null && window.webContents.getURL() !== pagesAt() + place) this.#load(window, place);
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** Says in the title how many things wait. */
  showWaiting(waiting: number): void {
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    if (this.#window) this.#title(this.#window, this.#window.webContents.getTitle());
  }

  #create(place: string): void {
    const { files, memory } = this.#needs;
    const [first, ...others] = screen.getAllDisplays().map(({ workArea }) => workArea);
    const window = new BrowserWindow({
      ...placeWindow([first ?? screen.getPrimaryDisplay().workArea, ...others], memory.now.window),
      minWidth: smallest.width,
      minHeight: smallest.height,
      title: 'Holdfast',
      icon: join(files.icons, '256x256.png'),
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#0b0f12' : '#f5f7f6',
      autoHideMenuBar: true,
      show: false,
      webPreferences: webPreferences(files.preload),
    });
    this.#window = window;
    if (memory.now.window?.maximized) window.maximize();
    window.once('ready-to-show', () => window.show());
    this.#remember(window);
    this.#listen(window);
    this.#load(window, place);
  }

  #load(window: BrowserWindow, place: string): void {
    window.loadURL(pagesAt() + place).catch((failure: unknown) => {
      if (!window.isDestroyed()) this.#needs.log.error({ err: failure }, 'the page could not be loaded');
    });
  }

  #listen(window: BrowserWindow): void {
    const { hides, closed, sessionEnds } = this.#needs;
    window.on('close', (event) => {
      if (!hides()) return;
      event.preventDefault();
      window.hide();
    });
    window.on('closed', () => {
      this.#window = undefined;
      closed();
    });
    window.on('session-end', sessionEnds);
    window.on('page-title-updated', (event, title) => {
      event.preventDefault();
      this.#title(window, title);
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') void this.#crash(window, reason);
    });
  }

  #title(window: BrowserWindow, title: string): void {
    window.setTitle(this.#waiting > 0 ? `(${this.#waiting}) ${title}` : title);
  }

  #remember(window: BrowserWindow): void {
    const remember = () => {
      const { x, y, width, height } = window.getNormalBounds();
      this.#needs.memory.change({ window: { x, y, width, height, maximized: window.isMaximized() } });
    };
    window.on('resize', remember);
    window.on('move', remember);
    window.on('maximize', remember);
    window.on('unmaximize', remember);
  }

  /** Loads the page anew; nothing is lost with it. Where that does not help, the person decides. */
  async #crash(window: BrowserWindow, reason: string): Promise<void> {
    const { clock, log } = this.#needs;
    log.error({ reason }, 'the page has crashed');
    const now = clock.now().getTime();
    const again = now - this.#crashed < crashLoop;
    this.#crashed = now;
    if (again) {
      const { response } = await dialog.showMessageBox(window, {
        type: 'error',
        message: 'The window keeps crashing',
        detail: 'The record is not touched by this. What runs goes on.',
        buttons: ['Try again', 'Close the window'],
      });
      if (response === 1) return window.destroy();
    }
    if (!window.isDestroyed()) window.webContents.reload();
  }
}
