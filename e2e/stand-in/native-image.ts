import { existsSync } from 'node:fs';

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
