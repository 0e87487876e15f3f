import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { withStyleSheets } from './style-sheets.ts';

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** A terminal's screen in an element of the page. */
export interface TerminalScreen {
  write(bytes: Uint8Array): void;
  say(words: string): void;
  clear(): void;
  /** The returned function ends it. */
  onInput(take: (bytes: Uint8Array) => void): () => void;
  /** Typing is let through, or not. */
  typing(allowed: boolean): void;
  resize(size: ScreenSize): void;
  /** The size that fills the element. */
  fitting(): ScreenSize | undefined;
  recolour(): void;
  focus(): void;
  close(): void;
}

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name);

/** The page's own colours, resolved: the terminal does not know `light-dark`. */
function resolved(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function theme() {
  const text = resolved('--text');
  const faint = resolved('--text-faint');
  return {
    background: resolved('--bg'),
    foreground: text,
    cursor: resolved('--kelp'),
    cursorAccent: resolved('--bg'),
    selectionBackground: resolved('--line-strong'),
    black: resolved('--text-soft'),
    red: resolved('--red'),
    green: resolved('--kelp'),
    yellow: resolved('--amber'),
    blue: resolved('--blue'),
    magenta: resolved('--red'),
    cyan: resolved('--blue'),
    white: text,
    brightBlack: faint,
    brightRed: resolved('--red'),
    brightGreen: resolved('--kelp'),
    brightYellow: resolved('--amber'),
    brightBlue: resolved('--blue'),
    brightMagenta: resolved('--red'),
    brightCyan: resolved('--blue'),
    brightWhite: text,
  };
}

/** What a program prints is shown and nothing more: no links to follow, no clipboard, no title of the window. */
export function openScreen(place: HTMLElement, label: string): TerminalScreen {
  const terminal = new Terminal({
    fontFamily: colour('--mono'),
    fontSize: 13,
    lineHeight: 1.15,
    scrollback: 5000,
    theme: theme(),
    minimumContrastRatio: 4.5,
    screenReaderMode: true,
    linkHandler: { activate: () => undefined },
    cursorBlink: false,
    disableStdin: true,
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  withStyleSheets(() => terminal.open(place));
  terminal.textarea?.setAttribute('aria-label', label);
  const encoder = new TextEncoder();
  return {
    write: (bytes) => terminal.write(bytes),
    say: (words) => terminal.write(`\r\n\u001B[2m${words}\u001B[0m\r\n`),
    clear: () => terminal.reset(),
    onInput(take) {
      const typed = terminal.onData((text) => take(encoder.encode(text)));
      const raw = terminal.onBinary((text) =>
        take(Uint8Array.from(text, (each) => each.charCodeAt(0) & 0xff)),
      );
      return () => {
        typed.dispose();
        raw.dispose();
      };
    },
    typing(allowed) {
      terminal.options.disableStdin = !allowed;
      terminal.options.cursorBlink = allowed;
    },
    resize: ({ columns, rows }) => terminal.resize(columns, rows),
    fitting() {
      const found = fit.proposeDimensions();
      if (!found || !Number.isFinite(found.cols) || !Number.isFinite(found.rows)) return undefined;
      return { columns: Math.max(2, found.cols), rows: Math.max(2, found.rows) };
    },
    recolour() {
      terminal.options.theme = theme();
    },
    focus: () => terminal.focus(),
    close: () => terminal.dispose(),
  };
}
