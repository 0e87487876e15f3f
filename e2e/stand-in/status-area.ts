import { existsSync } from 'node:fs';
import { Emitter } from './emitter.ts';

interface MenuEntry {
  type?: string;
  label?: string;
  role?: string;
  enabled?: boolean;
  submenu?: unknown;
  click?: () => void;
}

export class Menu {
  static application: Menu | null = null;
  readonly items: readonly MenuEntry[];

  constructor(items: readonly MenuEntry[]) {
    this.items = items;
  }

  static buildFromTemplate(template: readonly MenuEntry[]): Menu {
    return new Menu(template);
  }

  static setApplicationMenu(menu: Menu | null): void {
    Menu.application = menu;
  }

  /** As if a person had chosen it; what is greyed out does nothing. */
  choose(label: string): void {
    const entry = this.items.find((item) => item.label === label);
    if (!entry) throw new Error(`no such entry: ${label}`);
    if (entry.enabled !== false) entry.click?.();
  }
}

export class NativeImage {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }
}

export const nativeImage = {
  /** Stricter than Electron, whose picture would just be empty. */
  createFromPath(path: string): NativeImage {
    if (!existsSync(path)) throw new Error(`no picture at ${path}`);
    return new NativeImage(path);
  },
};

export class Tray extends Emitter {
  static present: Tray | undefined;
  tooltip = '';
  title = '';
  menu: Menu | null = null;

  constructor(_image: NativeImage) {
    super();
    Tray.present = this;
  }

  setToolTip(tooltip: string): void {
    this.tooltip = tooltip;
  }

  setTitle(title: string): void {
    this.title = title;
  }

  setContextMenu(menu: Menu | null): void {
    this.menu = menu;
  }

  destroy(): void {
    if (Tray.present === this) Tray.present = undefined;
  }
}
