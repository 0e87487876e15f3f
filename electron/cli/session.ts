import type { Command } from 'commander';
import { type Paths, pathsFor, systemPathSources } from '../base/paths.ts';
import { type Client, connect } from './client.ts';
import { Output } from './output.ts';

/** The options that every verb takes. */
export interface Common {
  data?: string;
  json?: true;
}

export interface Session {
  readonly client: Client;
  readonly out: Output;
  readonly paths: Paths;
}

export function openSession(options: Common): Session {
  const paths = pathsFor(options.data, systemPathSources());
  return { paths, client: connect(paths), out: new Output(options.json === true) };
}

/** Adds a verb with what all verbs have: the same two options, and an example in its help. */
export function verb(parent: Command, usage: string, summary: string, example: string): Command {
  return parent
    .command(usage)
    .summary(summary)
    .description(`${summary}.`)
    .option('--data <dir>', 'the data folder, where it is not the usual one')
    .option('--json', 'answer in JSON')
    .addHelpText('after', `\nExample:\n  $ ${example}`);
}

/** For options that may be given several times. */
export const collect = (value: string, before: string[] = []) => [...before, value];
