import type { Id } from '../../../shared/ids.ts';
import type { RunOutput } from '../../../shared/run.ts';

/** What runs ask of the files of a run. */
export interface RunFiles {
  /** Where the folder of a run lies; it need not be there yet. */
  folderOf(run: string): string;
  /** Makes it, for the account that sandboxes run as. */
  make(folder: string): Promise<void>;
  /**
   * A file that was left, read without following links; null where there is none. Of a folder under review it is the
   * version of the run, for as long as nobody has decided on that.
   */
  output(path: string, run?: Id<'run'> | null, signal?: AbortSignal): Promise<RunOutput | null>;
  /** Copies what lies in one run's folder to the same place in another's; what lies elsewhere stays where it is. */
  keep(outputs: readonly RunOutput[], from: string, to: string): Promise<RunOutput[]>;
  /** A piece of a file that was left. */
  read(
    output: RunOutput,
    offset: number,
    run?: Id<'run'> | null,
  ): Promise<{
    text: string | null;
    base64: string | null;
    bytes: number;
    next: number | null;
    same: boolean;
  }>;
}
