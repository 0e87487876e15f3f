export interface Opened {
  readonly fd: number;
  /** Its real path when it was judged, one letter for each byte; undefined where that is not certain. */
  readonly real: string | undefined;
}

/** How an existing path becomes an open descriptor whose real path is known. Failures are the system's own. */
export interface WayOfOpening {
  open(path: string, folder: boolean): Opened;
  /** The path by which one entry of an opened folder is looked at without following it. */
  entry(opened: Opened, name: string): string;
}
