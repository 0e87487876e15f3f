// What the suites need from the system: the table is data, in system-packages.json.
import { type SystemPackage, thisMachine as quietly } from '../setup/system-packages.mjs';
import table from './system-packages.json' with { type: 'json' };

export { locate, provide } from '../setup/system-packages.mjs';
export type { Machine, SystemPackage } from '../setup/system-packages.mjs';

/** Here what is said belongs to the report. */
export const thisMachine = { ...quietly, say: (line: string) => console.log(line) };

export const needed = (suites: readonly string[]): SystemPackage[] =>
  (table as SystemPackage[]).filter(({ suite }) => suites.includes(suite));
