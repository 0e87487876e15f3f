/** Entry: the desktop app. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app, dialog } from 'electron';
import { Problem, problemCodes } from '../shared/problem.ts';
import { systemClock } from './base/clock.ts';
import { openLog } from './base/log.ts';
import { pathsFor, systemPathSources } from './base/paths.ts';
import { makePrivateFolder } from './base/private-files.ts';
import { startCore } from './core.ts';
import { Arrivals } from './desktop/arrivals.ts';
import { deepLinkScheme } from './desktop/deep-link.ts';
import { Desktop } from './desktop/desktop.ts';
import { type Flags, readFlags } from './desktop/flags.ts';
import { restrictApp } from './desktop/security-restrictions.ts';

const near = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const files = {
  preload: near('../preload/preload.cjs'),
  pages: near('../renderer/'),
  icons: near('../../resources/icons/'),
};

async function main(): Promise<void> {
  // Whatever this process makes, Chromium's files and the log included, is for this account alone.
  process.umask(0o077);
  restrictApp();
  const flags = readFlags(process.argv.slice(1));
  const paths = pathsFor(flags.data, systemPathSources());
  // Chromium's own files lie with the data: so the single instance is one of each data folder too.
  const profile = join(paths.data, 'window');
  await makePrivateFolder(profile);
  app.setPath('userData', profile);
  if (!app.requestSingleInstanceLock({ link: flags.link })) {
    process.stdout.write('Holdfast is already open here; its window is shown.\n');
    return app.quit();
  }
  // Windows shows notifications only of an app it knows by name; the installer gives it the same.
  if (process.platform === 'win32') app.setAppUserModelId('dev.holdfast.app');
  if (app.isPackaged) app.setAsDefaultProtocolClient(deepLinkScheme);
  const arrivals = new Arrivals(flags.link);
  // Not awaited: Electron is ready only when this module has come to its end.
  void app
    .whenReady()
    .then(() => start(flags, paths, arrivals))
    .catch(fail);
}

async function start(flags: Flags, paths: ReturnType<typeof pathsFor>, arrivals: Arrivals): Promise<void> {
  const opened = await openLog(join(dirname(paths.log), 'desktop.log'), 'file');
  const startOwn = async ({ secrets, stopAsked }: Parameters<OwnStart>[0]) => {
    const core = await startCore({
      surface: 'desktop',
      data: flags.data,
      port: flags.port,
      secrets,
      stopAsked,
    });
    core.wake();
    return {
      attachPort: core.gateway.attachPort.bind(core.gateway),
      stop: core.stop.bind(core),
    };
  };
  await Desktop.start({
    paths,
    flags,
    files,
    arrivals,
    clock: systemClock,
    log: opened.log,
    startOwn,
    close: () => opened.close(),
  });
}

type OwnStart = Parameters<typeof Desktop.start>[0]['startOwn'];

function fail(thrown: unknown): void {
  const problem = Problem.of(thrown);
  process.stderr.write(`${problem.message}\n${problem.mend ? `${problem.mend}\n` : ''}`);
  dialog.showErrorBox('Holdfast cannot start', [problem.message, problem.mend].filter(Boolean).join('\n\n'));
  app.exit(problemCodes[problem.code].exit);
}

await main().catch(fail);
