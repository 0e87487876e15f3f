import { readFileSync } from 'node:fs';
import type { Frame, Page, Route } from '@playwright/test';
import { toApp, toBrowser } from './addresses.ts';
import { app } from './app.ts';
import { browser } from './chromium.ts';
import { Emitter, happening } from './emitter.ts';
import { bindingName, type FromPage, inPageScript } from './in-page.ts';
import { invoke } from './ipc-main.ts';
import { PageFrame } from './page-frame.ts';
import { answerRequest } from './protocol.ts';
import { session } from './session.ts';

export interface WebPreferences {
  preload?: string;
  [name: string]: unknown;
}

/** Electron's WebContents over a real page of Chromium. */
export class WebContents extends Emitter {
  readonly session = session.defaultSession;
  readonly preferences: WebPreferences;
  /** What the page wanted to save, and whether that was refused. */
  readonly downloads: { url: string; refused: boolean }[] = [];
  readonly #script: string;
  #page: Promise<Page>;
  #url = '';
  #title = '';
  #loading: string | undefined;
  #document: { id: string; frame: PageFrame } | undefined;
  #openHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  #destroyed = false;

  constructor(preferences: WebPreferences) {
    super();
    this.preferences = preferences;
    this.#script = inPageScript(preferences.preload ? readFileSync(preferences.preload, 'utf8') : null);
    this.#page = this.#makePage();
    app.emit('web-contents-created', happening({}), this);
  }

  get mainFrame(): PageFrame | null {
    return this.#document?.frame ?? null;
  }

  getURL(): string {
    return this.#url;
  }

  getTitle(): string {
    return this.#title;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.#openHandler = handler;
  }

  async loadURL(address: string): Promise<void> {
    const page = await this.#page;
    this.#loading = address;
    try {
      await page.goto(toBrowser(address), { waitUntil: 'domcontentloaded' });
      this.#url = address;
      this.emit('did-finish-load');
    } finally {
      this.#loading = undefined;
    }
  }

  /** A page that has crashed cannot be used again; a new one takes its place, as a new process does in Electron. */
  reload(): void {
    const address = this.#url;
    void this.#page
      .then(async (page) => {
        await page.close();
        this.#page = this.#makePage();
        await this.loadURL(address);
      })
      .catch((failure: unknown) =>
        process.stderr.write(`the page could not be loaded again: ${String(failure)}\n`),
      );
  }

  async destroy(): Promise<void> {
    this.#destroyed = true;
    this.#forget();
    const page = await this.#page;
    await page.close();
  }

  /** For tests: a request to embed a page, which no page of Chromium can make. */
  attachWebview(): boolean {
    return !this.refused('will-attach-webview', {}, {}, {});
  }

  async crash(): Promise<void> {
    const page = await this.#page;
    await page.goto('chrome://crash').catch(() => undefined);
  }

  async #makePage(): Promise<Page> {
    const page = await browser().newPage();
    await page.exposeBinding(bindingName, ({ frame }, id: string, message: FromPage) =>
      this.#called(frame, id, message),
    );
    await page.addInitScript({ content: this.#script });
    await page.route('**/*', (route) => this.#route(page, route));
    await page.routeWebSocket(/.*/, (socket) => {
      if (session.defaultSession.webRequest.refuses(toApp(socket.url()))) void socket.close();
      else socket.connectToServer();
    });
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#url = toApp(frame.url());
    });
    page.on('download', (download) => {
      const url = toApp(download.url());
      const refused = session.defaultSession.refused('will-download', {}, { getURL: () => url }, this);
      this.downloads.push({ url, refused });
      // A small one may be complete by now, which it never is in Electron; so the decision is what tests look at.
      if (refused) void download.cancel();
    });
    page.on('crash', () => {
      this.#forget();
      const details = { reason: 'crashed', exitCode: 139 };
      this.emit('render-process-gone', happening({}), details);
      app.emit('render-process-gone', happening({}), this, details);
    });
    return page;
  }

  #forget(): void {
    this.#document?.frame.destroy();
    this.#document = undefined;
  }

  /** The frame that speaks; a frame inside the page has its own address and a parent. */
  #speaker(frame: Frame, id: string): PageFrame | null {
    const inner = frame.parentFrame() !== null;
    if (inner) return new PageFrame(frame, this.mainFrame ?? new PageFrame(frame, null));
    if (this.#document?.id !== id) {
      this.#forget();
      this.#document = { id, frame: new PageFrame(frame, null) };
    }
    return this.#document?.frame ?? null;
  }

  async #called(frame: Frame, id: string, message: FromPage): Promise<unknown> {
    const speaker = this.#speaker(frame, id);
    switch (message.kind) {
      case 'document':
        return { value: null };
      case 'invoke':
        return invoke(message.channel, { sender: this, senderFrame: speaker }, message.given);
      case 'port':
        speaker?.portSaid(message.port, message.data);
        return { value: null };
      case 'portClosed':
        speaker?.portClosed(message.port);
        return { value: null };
      case 'title':
        this.#title = message.title;
        this.emit('page-title-updated', message.title);
        return { value: null };
      case 'open':
        if (this.#openHandler({ url: toApp(message.url) }).action !== 'deny')
          throw new Error('the stand-in opens no second window');
        return { value: null };
      case 'permission': {
        const granted = await session.defaultSession.asks(this, message.permission);
        return granted ? { value: null } : { failure: `NotAllowedError: ${message.permission}` };
      }
    }
  }

  async #route(page: Page, route: Route): Promise<void> {
    const request = route.request();
    const address = toApp(request.url());
    if (request.isNavigationRequest() && this.#refusesNavigation(page, request.frame(), address))
      return route.abort('aborted');
    if (session.defaultSession.webRequest.refuses(address)) return route.abort('blockedbyclient');
    const answer = await answerRequest(address, request);
    return answer === undefined ? route.continue() : route.fulfill(answer);
  }

  #refusesNavigation(page: Page, frame: Frame, address: string): boolean {
    const isMainFrame = frame === page.mainFrame();
    if (isMainFrame && (address === this.#loading || address === withoutHash(this.#loading))) return false;
    const details = { url: address, isMainFrame, isSameDocument: false };
    const inFrame = this.refused('will-frame-navigate', details);
    return inFrame || (isMainFrame && this.refused('will-navigate', details));
  }
}

const withoutHash = (address: string | undefined) => address?.replace(/#.*$/s, '');
