import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { builtMain, withOwnFiles } from './built.ts';

const standIn = path.join(import.meta.dirname, '..', 'stand-in');

export interface StandInOptions {
  /** The main process, where it is not the one that was just built. */
  readonly main?: string;
  /** Arguments of the app. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Called with every page before it loads anything. */
  readonly prepare?: (page: Page) => void;
}

export interface WindowState {
  visible: boolean;
  focused: boolean;
  maximized: boolean;
  bounds: { x: number; y: number; width: number; height: number };
  title: string;
  url: string;
  preferences: Record<string, unknown>;
}

export interface TrayState {
  tooltip: string;
  menu: { label: string; enabled: boolean }[];
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly said: string;
}

interface Told {
  id?: number;
  result?: unknown;
  failure?: string;
  endpoint?: string;
}

/** The built desktop app on a data folder, run by the stand-in for Electron. */
export class StandInApp {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #prepare: (page: Page) => void;
  readonly #answers = new Map<number, (told: Told) => void>();
  #last = 0;
  #browser: Browser | undefined;

  private constructor(
    data: string,
    { main = builtMain('main.js'), args = [], env = {}, prepare = () => {} }: StandInOptions,
  ) {
    this.#prepare = prepare;
    const command = [path.join(standIn, 'start.ts'), main, '--data', data, ...args];
    this.#child = spawn(process.execPath, command, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...withOwnFiles(data),
        ...env,
        PATH: `${path.join(standIn, 'programs')}:${process.env['PATH'] ?? ''}`,
      },
    });
    let said = '';
    const hear = (piece: Buffer) => (said += piece.toString());
    this.#child.stdout?.on('data', hear);
    this.#child.stderr?.on('data', hear);
    this.ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        resolve({ code, signal, said });
        for (const answer of this.#answers.values()) answer({ failure: `the app has ended: ${said}` });
      });
    });
  }

  /** Starts it as far as its code goes; `begin` lets it become ready. One that ends before that is not waited for. */
  static async start(data: string, options: StandInOptions = {}): Promise<StandInApp> {
    const app = new StandInApp(data, options);
    const endpoint = await app.#endpoint();
    if (endpoint === undefined) return app;
    app.#browser = await chromium.connectOverCDP(endpoint);
    app.#browser.contexts()[0]?.on('page', (page) => app.#prepare(page));
    await app.call('begin');
    return app;
  }

  /** What is asked of the stand-in; see its hand.ts. */
  call<Answer = null>(call: string, ...given: unknown[]): Promise<Answer> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, ({ result, failure }) => {
        this.#answers.delete(id);
        if (failure === undefined) resolve(result as Answer);
        else reject(new Error(failure));
      });
      this.#child.send({ id, call, given });
    });
  }

  window = () => this.call<WindowState | null>('window');
  tray = () => this.call<TrayState | null>('tray');
  boxes = () => this.call<{ message: string; buttons: string[] }[]>('boxes');
  notifications = () => this.call<{ title: string; body: string }[]>('notifications');

  /** The page in the window, where there is one now. */
  get pages(): Page[] {
    const pages = this.#browser?.contexts()[0]?.pages() ?? [];
    return pages.filter((page) => page.url().includes('.holdfast-stand-in.localhost'));
  }

  async page(): Promise<Page> {
    for (;;) {
      const [page] = this.pages;
      if (page) return page;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ends it, whatever it does, and waits until it is gone. */
  async end(signal: NodeJS.Signals): Promise<Ended> {
    this.signal(signal);
    const ended = await this.ended;
    await this.#browser?.close();
    return ended;
  }

  /** Asks twice, so that it waits for nothing. */
  async endAnyway(): Promise<void> {
    this.signal('SIGTERM');
    await this.end('SIGTERM');
  }

  #endpoint(): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#child.on('message', (told: Told) => {
        if (told.id !== undefined) this.#answers.get(told.id)?.(told);
        if (told.endpoint !== undefined) resolve(told.endpoint);
      });
      void this.ended.then(() => resolve(undefined));
    });
  }
}
