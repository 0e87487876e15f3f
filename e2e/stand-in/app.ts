import { join } from 'node:path';
import { stopChromium } from './chromium.ts';
import { Emitter } from './emitter.ts';
import { SingleInstance } from './single-instance.ts';

interface Closable {
  close(): void;
  destroy(): void;
  isDestroyed(): boolean;
}

/** Electron's app: its life, in the order that Electron keeps. */
class App extends Emitter {
  readonly isPackaged = false;
  readonly windows = new Set<Closable>();
  readonly told: Record<string, unknown> = {};
  readonly #paths = new Map<string, string>();
  readonly #ready = Promise.withResolvers<void>();
  #isReady = false;
  #ending = false;

  isReady(): boolean {
    return this.#isReady;
  }

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  /** Called by the stand-in's start when the app's own code has been loaded to its end. */
  becomeReady(): void {
    this.#isReady = true;
    this.emit('ready');
    this.#ready.resolve();
  }

  get ending(): boolean {
    return this.#ending;
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  getPath(name: string): string {
    return this.#paths.get(name) ?? join('/nowhere', name);
  }

  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.told['sandbox'] = true;
  }

  setAsDefaultProtocolClient(scheme: string): boolean {
    this.told['scheme'] = scheme;
    return true;
  }

  setBadgeCount(count: number): boolean {
    this.told['badge'] = count;
    return true;
  }

  requestSingleInstanceLock(word?: object): boolean {
    return new SingleInstance(this.getPath('userData')).take(word, (came) =>
      this.emit('second-instance', {}, [], process.cwd(), came),
    );
  }

  /** Asks first; then closes every window, each of which may refuse. */
  quit(): void {
    if (this.#ending || this.refused('before-quit')) return;
    for (const window of this.windows) {
      window.close();
      if (!window.isDestroyed()) return;
    }
    if (this.refused('will-quit')) return;
    void this.#end(0);
  }

  /** Asks nobody. */
  exit(code = 0): void {
    for (const window of this.windows) window.destroy();
    void this.#end(code);
  }

  windowClosed(window: Closable): void {
    this.windows.delete(window);
    if (this.windows.size > 0 || this.#ending) return;
    if (this.listening('window-all-closed') > 0) this.emit('window-all-closed');
    else this.quit();
  }

  async #end(code: number): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    this.emit('quit', {}, code);
    await stopChromium();
    process.exit(code);
  }
}

export const app = new App();
