import { Menu, nativeImage, Tray } from 'electron';
import { join } from 'node:path';
import { type TrayAction, trayMenu, trayTooltip } from './tray-menu.ts';
import type { View } from './view.ts';

/** The icon in the status area: always there, says in words what is, and leads to it. */
export class HouseTray {
  readonly #tray: Tray;
  readonly #act: (action: TrayAction) => void;
  #shown = '';

  constructor(icons: string, act: (action: TrayAction) => void) {
    // macOS colours a template image itself, to fit its menu bar.
    const name = process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png';
    this.#tray = new Tray(nativeImage.createFromPath(join(icons, name)));
    this.#act = act;
    if (process.platform !== 'darwin') this.#tray.on('click', () => act('open'));
  }

  show(view: View): void {
    const entries = trayMenu(view);
    const tooltip = trayTooltip(view);
    const title = view.waiting > 0 ? String(view.waiting) : '';
    // Some status areas blink when a menu is set anew, and the state may change many times a second.
    const shown = JSON.stringify([entries, tooltip, title]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#tray.setToolTip(tooltip);
    if (process.platform === 'darwin') this.#tray.setTitle(title);
    this.#tray.setContextMenu(
      Menu.buildFromTemplate(
        entries.map((entry) => {
          if (entry === null) return { type: 'separator' };
          const { action } = entry;
          // A menu takes one “&” for the mark of a key, and leaves it out.
          const label = entry.label.replaceAll('&', '&&');
          return action === null ? { label, enabled: false } : { label, click: () => this.#act(action) };
        }),
      ),
    );
  }

  close(): void {
    this.#tray.destroy();
  }
}
