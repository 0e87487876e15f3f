import { create } from 'zustand';

/** `system` follows the machine; the other two stay what they are. */
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const kept = 'holdfast.theme';

function read(): Theme {
  const theme = localStorage.getItem(kept);
  return themes.find((one) => one === theme) ?? 'system';
}

function show(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export const useTheme = create<{ theme: Theme; choose: (theme: Theme) => void }>((set) => ({
  theme: 'system',
  choose: (theme) => {
    localStorage.setItem(kept, theme);
    show(theme);
    set({ theme });
  },
}));

/** Called before the first paint, so that no page flashes in the wrong colours. */
export function restoreTheme(): void {
  const theme = read();
  show(theme);
  useTheme.setState({ theme });
}
