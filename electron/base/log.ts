import { type Logger, type LoggerOptions, pino } from 'pino';
import { LogFile, type LogFileSize } from './log-file.ts';

export type Log = Logger;
export type LogForm = 'file' | 'json' | 'pretty';

/** Values under these names never reach a log, whatever object is logged. */
const hidden = ['token', 'ticket', 'value', 'secret', 'password', 'authorization', 'digest'];

const options: LoggerOptions = {
  level: 'info',
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
  redact: { paths: hidden.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[withheld]' },
};

export interface OpenLog {
  log: Log;
  /** Why lines could not be written lately; a full disk must not end the program. */
  readonly trouble: () => string | null;
  readonly close: () => Promise<void>;
}

/** Files of 10 MB, of which four older ones are kept, also those of earlier lives. */
const usual: LogFileSize = { kilobytes: 10_240, older: 4 };

/**
 * Always a file, JSON, rotated and capped; beside it standard error when asked:
 * `json` for a service manager, `pretty` for a person.
 */
export async function openLog(path: string, form: LogForm, size = usual): Promise<OpenLog> {
  const file = new LogFile(path, size);
  const streams: { stream: { write(line: string): unknown } }[] = [{ stream: file }];
  if (form === 'json') streams.push({ stream: process.stderr });
  if (form === 'pretty') {
    const { default: pretty } = await import('pino-pretty');
    streams.push({
      stream: pretty({
        destination: 2,
        sync: true,
        colorize: process.stderr.isTTY && !process.env['NO_COLOR'],
      }),
    });
  }
  return {
    log: pino(options, pino.multistream(streams)),
    trouble: () => file.trouble,
    close: () => file.close(),
  };
}

/** For tests and tools that keep no log. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}
