import { Emitter } from './emitter.ts';
import type { Menu } from './menu.ts';
import type { NativeImage } from './native-image.ts';

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
