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
