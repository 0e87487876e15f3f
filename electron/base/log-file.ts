import { basename, dirname } from 'node:path';
import { createStream, type RotatingFileStream } from 'rotating-file-stream';

export interface LogFileSize {
  /** In kilobytes; a file that is larger is set aside. */
  kilobytes: number;
  /** How many older files are kept: `holdfast.log.1` is the newest of them. */
  older: number;
}

/** Lines that wait for the disk are held up to so many letters; what comes beyond is lost, not the program. */
const waitingLetters = 1 << 20;
const retryMilliseconds = 5000;

/**
 * A log file that is rotated and capped. A disk that takes nothing ends the stream and not the
 * program: it is opened again, at most every few seconds, when there is something to write.
 */
export class LogFile {
  readonly #path: string;
  readonly #size: LogFileSize;
  #stream: RotatingFileStream;
  #trouble: string | null = null;
  #failed = 0;

  constructor(path: string, size: LogFileSize) {
    this.#path = path;
    this.#size = size;
    this.#stream = this.#open();
  }

  /** Why lines could not be written lately. */
  get trouble(): string | null {
    return this.#trouble;
  }

  write(line: string): void {
    if (this.#stream.destroyed) {
      if (performance.now() - this.#failed < retryMilliseconds) return;
      this.#stream = this.#open();
    }
    if (this.#stream.writableLength < waitingLetters)
      this.#stream.write(line, (failure) => this.#wrote(failure));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stream.destroyed) return resolve();
      this.#stream.once('close', resolve);
      this.#stream.end();
    });
  }

  #open(): RotatingFileStream {
    const stream = createStream(basename(this.#path), {
      path: dirname(this.#path),
      size: `${this.#size.kilobytes}K`,
      rotate: this.#size.older,
      mode: 0o600,
    });
    const troubled = (failure: Error) => {
      this.#trouble = failure.message;
      this.#failed = performance.now();
    };
    stream.on('error', troubled);
    stream.on('warning', troubled);
    return stream;
  }

  #wrote(failure: Error | null | undefined): void {
    if (!failure) this.#trouble = null;
  }
}
