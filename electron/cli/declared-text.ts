import { readFile, stat } from 'node:fs/promises';
import type { DeclarationProblem } from '../../shared/contract/agents.ts';
import { Problem } from '../../shared/problem.ts';
import { harmless, tinted } from './output.ts';

const mostBytes = 262_144;

/** The text of a file that declares something. */
export async function readDeclaredText(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > mostBytes) {
      throw new Problem('too_large', `${file} is larger than ${mostBytes.toLocaleString('en')} bytes.`);
    }
    return await readFile(file, 'utf8');
  } catch (failure) {
    if (failure instanceof Problem) throw failure;
    throw new Problem('not_found', `${file} cannot be read: ${(failure as Error).message}.`);
  }
}

export const problemLines = (problems: readonly DeclarationProblem[]): string[] =>
  problems.map((problem) => tinted('bad', problemText(problem)));

export function problemText({ line, column, field, message }: DeclarationProblem): string {
  return harmless(`${line}:${column}: ${field ? `${field}: ` : ''}${message}`);
}
