// A skip that nobody sees is a defect: where CI is set, only skips with a written reason are let through.
import fs from 'node:fs';
import path from 'node:path';
import type { Skip } from './tally.ts';

export interface AllowedSkip {
  /** How the skipped test's name begins. */
  name: string;
  reason: string;
}

export function readAllowedSkips(): AllowedSkip[] {
  const file = path.resolve(import.meta.dirname, '..', '..', '.ci', 'allowed-skips.json');
  return JSON.parse(fs.readFileSync(file, 'utf8')) as AllowedSkip[];
}

export function unexpected(skips: readonly Skip[], allowed: readonly AllowedSkip[]): Skip[] {
  return skips.filter(({ name }) => !allowed.some((each) => name.startsWith(each.name)));
}

/** One line for each reason: a suite that is skipped as a whole is one fact, not hundreds. */
export function tellSkips(skips: readonly Skip[]): string[] {
  const byReason = Map.groupBy(skips, ({ reason }) => reason);
  return [...byReason].map(([reason, those]) => {
    const first = those[0]?.name ?? '';
    return `skipped: ${first}${those.length > 1 ? ` and ${those.length - 1} more` : ''}: ${reason}`;
  });
}
