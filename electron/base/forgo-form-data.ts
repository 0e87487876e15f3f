/** Only answers what one is. A global that is lazy cannot be had back once it is set, so making one is an error. */
class NoFormData {
  constructor() {
    throw new Error('this process has no FormData, see electron/base/forgo-form-data.ts');
  }

  static [Symbol.hasInstance](value: unknown): boolean {
    return Object.prototype.toString.call(value) === '[object FormData]';
  }
}

/**
 * oRPC asks of every message whether it is a `FormData`, and whoever only names that makes Node load its client for
 * fetch: 12 MB, in a process that neither sends nor takes forms. Setting the name loads nothing; defining it would.
 */
export function forgoFormData(): void {
  globalThis.FormData = NoFormData as unknown as typeof FormData;
}
