import { execFile } from 'node:child_process';

const question = [
  'call',
  '--session',
  '--dest',
  'org.freedesktop.DBus',
  '--object-path',
  '/org/freedesktop/DBus',
  '--method',
  'org.freedesktop.DBus.NameHasOwner',
  'org.kde.StatusNotifierWatcher',
];
const patience = 2_000;

/**
 * Whether a tray icon would be seen. Electron makes one in any case, but on Linux only a desktop with a watcher for
 * such icons shows it (GNOME has none without an extension). Where nobody can say, the answer is no: a window
 * that closes into a tray that is not there would be lost.
 */
export function trayIsShown(platform: NodeJS.Platform, program = 'gdbus'): Promise<boolean> {
  if (platform !== 'linux') return Promise.resolve(true);
  return new Promise((resolve) => {
    execFile(program, question, { timeout: patience }, (failure, answer) => {
      resolve(failure === null && answer.includes('true'));
    });
  });
}
