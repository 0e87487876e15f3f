import { join } from 'node:path';
import { app, dialog, powerMonitor, safeStorage } from 'electron';
import type { Status } from '../../shared/contract/house.ts';
import { Problem } from '../../shared/problem.ts';
import type { Id } from '../../shared/ids.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Paths } from '../base/paths.ts';
import type { SecretKeeping } from '../store/open-vault.ts';
import { setAppMenu } from './app-menu.ts';
import type { Arrivals } from './arrivals.ts';
import { placeOfLink } from './deep-link.ts';
import { DesktopMemory } from './desktop-memory.ts';
import type { Flags } from './flags.ts';
import { HouseWatch } from './house-watch.ts';
import { keepSecrets } from './key-ring.ts';
import { Leaving } from './leaving.ts';
import { leftChanges } from './left-changes.ts';
import { gaveUp, noticesBetween, placeOf, verificationFailed } from './notices.ts';
import { Notifications } from './notifications.ts';
import { servePages } from './pages.ts';
import { type OwnHouse, Residence } from './residence.ts';
import { noticeOfRun, type WatchedRun } from './run-notices.ts';
import { restrictSession } from './security-restrictions.ts';
import { TakeOverOffer } from './take-over.ts';
import { HouseTray } from './tray.ts';
import type { TrayAction } from './tray-menu.ts';
import { trayIsShown } from './tray-presence.ts';
import { firstView, type View } from './view.ts';
import { handOutPorts } from './window-port.ts';
import { MainWindow } from './window.ts';

export interface DesktopNeeds {
  readonly paths: Paths;
  readonly flags: Flags;
  readonly files: { readonly preload: string; readonly pages: string; readonly icons: string };
  readonly arrivals: Arrivals;
  readonly clock: Clock;
  readonly log: Log;
  /** Starts the house in this process. */
  readonly startOwn: (wishes: {
    secrets: () => Promise<SecretKeeping>;
    stopAsked: () => void;
  }) => Promise<OwnHouse>;
  /** Closes what the entry opened, last of all. */
  readonly close: () => Promise<void>;
}

/** The desktop app around the house: window, tray, notifications and the way out. */
export class Desktop {
  readonly #needs: DesktopNeeds;
  readonly #leaving: Leaving;
  readonly #window: MainWindow;
  readonly #notifications: Notifications;
  readonly #offer: TakeOverOffer;
  readonly #memory: DesktopMemory;
  #residence: Promise<Residence> | undefined;
  #watch: HouseWatch | undefined;
  #tray: HouseTray | undefined;
  #closing: Promise<void> | undefined;
  #view: View = firstView;
  /** Those that are not finished. */
  readonly #runs = new Map<string, WatchedRun>();

  /** Call when Electron is ready. */
  static async start(needs: DesktopNeeds): Promise<void> {
    const { paths, clock, log } = needs;
    restrictSession(log);
    servePages(needs.files.pages);
    setAppMenu();
    const memory = await DesktopMemory.open(join(paths.data, 'desktop.json'), clock, (failure) =>
      log.warn({ err: failure }, 'the window’s place could not be kept'),
    );
    await new Desktop(needs, memory).#run();
  }

  private constructor(needs: DesktopNeeds, memory: DesktopMemory) {
    const { clock, log, files } = needs;
    this.#needs = needs;
    this.#memory = memory;
    this.#leaving = new Leaving({
      leave: (how) => this.#leave(how),
      begun: () => this.#see({ finishing: true }),
      over: (code) => (code === 0 ? app.quit() : app.exit(code)),
      failed: (failure) => log.error({ err: failure }, 'the house could not be closed well'),
    });
    this.#window = new MainWindow({
      files,
      memory,
      clock,
      log,
      hides: () => !this.#leaving.over && (this.#tray !== undefined || this.#leaving.begun),
      closed: () => this.#windowClosed(),
      sessionEnds: () => this.#leaving.ask('the system’s session ends'),
    });
    this.#notifications = new Notifications({
      looking: ({ kind, place }) =>
        kind === 'run' || kind === 'objective' || kind === 'changes'
          ? this.#window.looksAt(place)
          : this.#window.focused,
      open: ({ kind, place }) => {
        this.#window.open(place);
        if (kind === 'daemon') void this.#offer.offer();
      },
      answer: ({ approval }, allow) => {
        if (approval !== undefined) this.#answer(approval, allow ? 'once' : 'deny');
      },
    });
    this.#offer = new TakeOverOffer({
      clock,
      lost: () => this.#see({ reach: 'lost' }),
      ask: (signal) => this.#askToTakeOver(signal),
      takeOver: async () => {
        await (await this.#residence)?.takeOver();
        this.#watch?.hurry();
      },
      failed: (failure) => this.#takeOverFailed(Problem.of(failure)),
    });
  }

  async #run(): Promise<void> {
    const { flags, arrivals, clock, paths } = this.#needs;
    this.#listenForTheEnd();
    if (flags.secrets) this.#memory.change({ secrets: flags.secrets });
    this.#residence = Residence.open({
      startOwn: () => this.#startOwn(),
      daemon: paths,
      clock,
    });
    const [residence, tray] = await Promise.all([this.#residence, trayIsShown(process.platform)]);
    if (this.#leaving.begun) return;
    if (tray) this.#tray = new HouseTray(this.#needs.files.icons, (action) => this.#act(action));
    else this.#needs.log.info('no tray is shown here: closing the window quits');
    handOutPorts((port) => residence.attach(port));
    this.#see({ reach: residence.attached ? 'daemon' : 'own' });
    this.#watch = new HouseWatch({
      attach: (port) => residence.attach(port),
      clock,
      told: (status) => this.#told(status, residence.attached),
      verified: (ok) => {
        if (!ok) this.#notifications.tell(verificationFailed);
      },
      gaveUp: (objective) => this.#notifications.tell(gaveUp(objective)),
      left: ({ session, wait }) => {
        const notice = leftChanges(session);
        if (wait) this.#notifications.tell(notice);
        else this.#notifications.over(notice);
      },
      asked: (approvals) => this.#see({ approvals, waiting: approvals.length + this.#waitingRuns() }),
      ran: (run) => this.#ran(run),
    });
    if (!flags.hidden || !tray) this.#window.open(null);
    arrivals.take(({ link }) => this.#arrive(link));
  }

  #startOwn(): Promise<OwnHouse> {
    return this.#needs.startOwn({
      secrets: () => keepSecrets(this.#memory.now.secrets, safeStorage, process.platform),
      stopAsked: () => this.#leaving.ask('asked to'),
    });
  }

  #listenForTheEnd(): void {
    app.on('before-quit', (event) => {
      if (this.#leaving.over) return;
      event.preventDefault();
      this.#leaving.ask('quit');
    });
    // Listened to, so that Electron does not quit by itself: the window may be closed while the tray stays.
    app.on('window-all-closed', () => undefined);
    powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
      event?.preventDefault();
      this.#leaving.ask('the system shuts down');
    });
    for (const [signal, number] of [
      ['SIGHUP', 1],
      ['SIGINT', 2],
      ['SIGTERM', 15],
    ] as const) {
      process.on(signal, () => this.#leaving.ask(signal, 128 + number));
    }
  }

  async #leave(how: { drain: boolean; reason: string }): Promise<void> {
    this.#watch?.close();
    this.#offer.settled();
    // A house that is still being built, or could not be, is waited for: it is closed like any other.
    const residence = await this.#residence?.catch(() => undefined);
    await residence?.leave(how);
    // Two requests to leave come here together, and what follows is done once.
    await (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await this.#memory.flush();
    this.#notifications.close();
    this.#tray?.close();
    await this.#needs.close();
  }

  #told(status: Status | null, attached: boolean): void {
    if (status !== null) {
      this.#offer.settled();
      this.#see({ reach: attached ? 'daemon' : 'own', status });
    } else if (attached && !this.#leaving.begun) {
      this.#offer.away();
    }
  }

  #see(part: Partial<View>): void {
    const before = this.#view;
    this.#view = { ...before, ...part };
    this.#tray?.show(this.#view);
    this.#window.showWaiting(this.#view.waiting);
    app.setBadgeCount(this.#view.waiting);
    this.#notifications.onlyWaiting(new Set(this.#view.approvals.map(({ id }) => id)));
    for (const notice of noticesBetween(before, this.#view)) this.#notifications.tell(notice);
  }

  #ran(run: WatchedRun): void {
    const { id, state, outcome, reviewing } = run;
    const notice = noticeOfRun(this.#runs.get(id), run);
    if (state === 'finished' && !reviewing) this.#runs.delete(id);
    else this.#runs.set(id, { id, state, outcome, reviewing });
    this.#see({ waiting: this.#view.approvals.length + this.#waitingRuns() });
    if (notice) this.#notifications.tell(notice);
  }

  /** How many runs wait for the person, by their plan or by what they changed. */
  #waitingRuns(): number {
    return [...this.#runs.values()].filter(({ state, reviewing }) => state === 'asking' || reviewing).length;
  }

  #act(action: TrayAction): void {
    if (typeof action === 'object') {
      const { approval, answer } = action;
      return answer === 'look' ? this.#window.open(placeOf(approval)) : this.#answer(approval, answer);
    }
    switch (action) {
      case 'open':
        return this.#window.open(null);
      case 'waiting':
        return this.#window.open(this.#view.approvals.length > 0 ? '#/approvals' : '#/now');
      case 'verify':
        return this.#window.open('#/audit?do=verify');
      case 'takeOver':
        return void this.#offer.accept();
      case 'quit':
        return this.#leaving.ask('quit');
    }
  }

  /** The first answer counts; whoever is late sees what became of it. */
  #answer(approval: Id<'approval'>, kind: 'once' | 'deny'): void {
    this.#watch?.answer(approval, kind).catch((failure: unknown) => {
      this.#needs.log.warn({ err: failure, approval }, 'an answer did not count');
      this.#window.open(placeOf(approval));
    });
  }

  #arrive(link: string | null): void {
    const place = link === null ? null : placeOfLink(link);
    if (place === undefined) return this.#needs.log.warn('a link that is none of ours was not followed');
    this.#window.open(place);
  }

  #windowClosed(): void {
    if (!this.#tray && !this.#leaving.begun) this.#leaving.ask('the window was closed');
  }

  async #askToTakeOver(signal: AbortSignal): Promise<boolean> {
    const window = this.#window.shown;
    // Who does not see a window has a notification, and the tray's menu.
    if (!window) return false;
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message: 'The daemon has ended',
      detail: 'Its record is safe. Holdfast can run in this app until you quit it, or wait for the daemon.',
      buttons: ['Run in this app', 'Wait for the daemon'],
      defaultId: 0,
      cancelId: 1,
      signal,
    });
    return response === 0;
  }

  #takeOverFailed(problem: Problem): void {
    this.#needs.log.warn({ err: problem }, 'the house could not be taken over');
    dialog.showErrorBox('Holdfast cannot run in this app', `${problem.message}\n${problem.mend ?? ''}`);
  }
}
