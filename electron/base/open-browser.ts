import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from './private-files.ts';

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
};

export interface OpenedPage {
  /** Removes the file that led the browser there. */
  remove(): Promise<void>;
  /** Why no browser was opened. */
  failed: Promise<Error | null>;
}

/**
 * Opens a link in the browser by way of a file that only this account may read, because the arguments
 * of a program are shown to everybody on the machine.
 */
export async function openInBrowser(link: string, folder: string): Promise<OpenedPage> {
  const file = join(folder, `open-${randomBytes(6).toString('hex')}.html`);
  await writePrivateFile(file, pageTo(link));
  const [command, ...parts] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...parts, file], { stdio: 'ignore', detached: true });
  child.unref();
  return {
    remove: () => rm(file, { force: true }),
    failed: new Promise((resolve) => {
      child.once('error', resolve);
      child.once('exit', (code) => resolve(code === 0 ? null : new Error(`${command} ended with ${code}`)));
    }),
  };
}

function pageTo(link: string): string {
  const safe = link.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<!doctype html><meta charset="utf-8"><title>Holdfast</title><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0;url=${safe}"><a href="${safe}">Open Holdfast</a>\n`;
}
