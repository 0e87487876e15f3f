import type { Command } from 'commander';
import { verb } from '../session.ts';

interface ServeOptions {
  data?: string;
  port?: string;
  open: boolean;
  log?: string;
  json?: true;
  devOrigin?: string;
}

/** The daemon is an entry of its own; this process becomes it, so that signals and the exit code are its own. */
const daemon = import.meta.url.endsWith('.ts') ? '../../daemon.ts' : './daemon.js';

export function addServeVerb(program: Command): void {
  verb(program, 'serve', 'Start Holdfast here, without a window', 'holdfast serve --port 7070 --no-open')
    .option('--port <number>', 'the port on this machine (default: any free one)')
    .option('--no-open', 'open no browser')
    .option('--log <form>', 'also log to standard error: json or pretty')
    .option('--dev-origin <origin>', 'let pages of this development server in')
    .action(async (options: ServeOptions) => {
      const flags = [
        ...(options.data === undefined ? [] : ['--data', options.data]),
        ...(options.port === undefined ? [] : ['--port', options.port]),
        ...(options.open ? [] : ['--no-open']),
        ...(options.json ? ['--json'] : []),
        ...(options.log === undefined ? [] : ['--log', options.log]),
        ...(options.devOrigin === undefined ? [] : ['--dev-origin', options.devOrigin]),
      ];
      process.removeAllListeners('SIGINT');
      process.argv.splice(2, Infinity, ...flags);
      await import(new URL(daemon, import.meta.url).href);
      await new Promise(() => undefined);
    });
}
