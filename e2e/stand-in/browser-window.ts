import { app } from './app.ts';
import { Emitter } from './emitter.ts';
import { screen } from './screen.ts';
import { WebContents, type WebPreferences } from './web-contents.ts';

interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface WindowOptions extends Partial<Rectangle> {
  show?: boolean;
  title?: string;
  minWidth?: number;
  minHeight?: number;
  webPreferences?: WebPreferences;
  [name: string]: unknown;
}

/** A window without a window manager: what one would do is told to it by tests. */
export class BrowserWindow extends Emitter {
  readonly options: WindowOptions;
  readonly webContents: WebContents;
  #bounds: Rectangle;
  #visible: boolean;
  #focused = false;
  #minimized = false;
  #maximized = false;
  #destroyed = false;
  #title: string;

  constructor(options: WindowOptions = {}) {
    super();
    if (!app.isReady()) throw new Error('Cannot create BrowserWindow before app is ready');
    this.options = options;
    const { width = 800, height = 600 } = options;
    const area = screen.getPrimaryDisplay().workArea;
    const middle = {
      x: Math.round(area.x + (area.width - width) / 2),
      y: Math.round(area.y + (area.height - height) / 2),
    };
    this.#bounds = { x: options.x ?? middle.x, y: options.y ?? middle.y, width, height };
    this.#visible = options.show ?? true;
    this.#focused = this.#visible;
    this.#title = options.title ?? '';
    app.windows.add(this);
    this.webContents = new WebContents(options.webPreferences ?? {});
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    this.webContents.on('page-title-updated', (title: string) => {
      if (!this.refused('page-title-updated', {}, title, true)) this.#title = title;
    });
  }

  static getAllWindows(): BrowserWindow[] {
    return [...app.windows] as BrowserWindow[];
  }

  loadURL(address: string): Promise<void> {
    return this.webContents.loadURL(address);
  }

  show(): void {
    this.#visible = true;
    this.focus();
    this.emit('show');
  }

  hide(): void {
    this.#visible = false;
    this.blur();
    this.emit('hide');
  }

  focus(): void {
    this.#focused = true;
    this.emit('focus');
  }

  blur(): void {
    this.#focused = false;
    this.emit('blur');
  }

  minimize(): void {
    this.#minimized = true;
    this.blur();
  }

  restore(): void {
    this.#minimized = false;
  }

  maximize(): void {
    this.#maximized = true;
    this.emit('maximize');
  }

  unmaximize(): void {
    this.#maximized = false;
    this.emit('unmaximize');
  }

  /** As if a person had moved and sized it. */
  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    this.emit('move');
    this.emit('resize');
  }

  isVisible = () => this.#visible;
  isFocused = () => this.#focused;
  isMinimized = () => this.#minimized;
  isMaximized = () => this.#maximized;
  isDestroyed = () => this.#destroyed;
  getNormalBounds = () => this.#bounds;
  getTitle = () => this.#title;

  setTitle(title: string): void {
    this.#title = title;
  }

  /** As if a person had closed it. */
  close(): void {
    if (!this.#destroyed && !this.refused('close')) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#visible = false;
    this.#focused = false;
    void this.webContents.destroy().catch(() => undefined);
    this.emit('closed');
    app.windowClosed(this);
  }
}
