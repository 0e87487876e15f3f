import type { Browser, Page } from '@playwright/test';

/** What a spec has in hands, whichever way the pages were opened. */
export interface Launched {
  /** The window. After `restart` it may be another one. */
  readonly page: Page;
  readonly data: string;
  /** The command line on the same data folder. */
  cli(...args: string[]): Promise<CommandResult>;
  /** Ends the program with SIGKILL and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same data folder; a page that stayed open finds it by itself. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Launch {
  readonly data: string;
  readonly browser: Browser;
  /** Called with every page before it loads anything. */
  readonly prepare: (page: Page) => void;
}

/** A module beside this one, named as the project, exports this as `launch`. */
export type Launcher = (launch: Launch) => Promise<Launched>;
