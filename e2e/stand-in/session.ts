import { Emitter } from './emitter.ts';

type PermissionRequest = (contents: unknown, permission: string, answer: (granted: boolean) => void) => void;
type PermissionCheck = (contents: unknown, permission: string, origin: string) => boolean;
type BeforeRequest = (request: { url: string }, answer: (what: { cancel?: boolean }) => void) => void;

/** Like Electron's own: what nobody restricts is allowed. */
class Session extends Emitter {
  readonly told: Record<string, unknown> = {};
  #request: PermissionRequest = (_contents, _permission, answer) => answer(true);
  #check: PermissionCheck = () => true;
  #before: BeforeRequest = (_request, answer) => answer({});

  readonly webRequest = {
    onBeforeRequest: (handler: BeforeRequest): void => {
      this.#before = handler;
    },
    refuses: (url: string): boolean => {
      let cancelled = false;
      this.#before({ url }, ({ cancel = false }) => (cancelled = cancel));
      return cancelled;
    },
  };

  setPermissionRequestHandler(handler: PermissionRequest): void {
    this.#request = handler;
  }

  setPermissionCheckHandler(handler: PermissionCheck): void {
    this.#check = handler;
  }

  setDevicePermissionHandler(handler: (details: object) => boolean): void {
    this.told['device'] = handler({});
  }

  setDisplayMediaRequestHandler(handler: (request: object, answer: (streams: object) => void) => void): void {
    handler({}, (streams) => (this.told['displayMedia'] = streams));
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    this.told['spellChecker'] = enabled;
  }

  setProxy(proxy: object): Promise<void> {
    this.told['proxy'] = proxy;
    return Promise.resolve();
  }

  /** A page asks: first whether it may at all, then for this once. */
  async asks(contents: unknown, permission: string): Promise<boolean> {
    if (!this.#check(contents, permission, '')) return false;
    return new Promise((resolve) => this.#request(contents, permission, resolve));
  }
}

export const session = { defaultSession: new Session() };
