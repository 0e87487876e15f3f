import { stringify } from 'yaml';
import type { Declaration } from '../../shared/agent.ts';
import type { AgentdImport } from '../../shared/agentd-import.ts';
import { Problem } from '../../shared/problem.ts';
import { readAgentdFile } from './agentd-file.ts';
import type { Agents } from './agents.ts';

export interface AgentdImportWish {
  readonly text: string;
  /** Where the file lies: its relative paths begin there. */
  readonly folder: string;
  readonly replace: boolean;
  readonly dryRun: boolean;
}

/** Makes agents of the person’s out of a file of agentd; where anything in it is wrong, none of them is written. */
export async function importAgentd(
  agents: Pick<Agents, 'list' | 'entry' | 'save'>,
  { text, folder, replace, dryRun }: AgentdImportWish,
): Promise<AgentdImport> {
  const { agents: declared, problems, notes } = readAgentdFile(text, folder);
  const own = new Set(
    (await agents.list()).filter(({ origin }) => origin === 'yours').map(({ name }) => name),
  );
  const taken = declared.map(({ name }) => name).filter((name) => own.has(name));
  if (taken.length > 0 && !replace && !dryRun) {
    throw new Problem(
      'conflict',
      `There is a file of ${taken.map((name) => `“${name}”`).join(', ')} already, and nothing was written.`,
      'Look with --dry-run, and take --replace where the files may go.',
    );
  }
  const made: AgentdImport['agents'] = [];
  for (const declaration of declared) {
    const { name } = declaration;
    const replaces = own.has(name);
    const written = fileText(declaration);
    let file: string | null = null;
    if (!dryRun) {
      const before = replaces ? (await agents.entry(name)).hash : null;
      ({ file } = await agents.save(name, written, before));
    }
    made.push({ name, text: written, file, replaces });
  }
  return { agents: made, problems: [...problems], notes: [...notes] };
}

function fileText(declaration: Declaration): string {
  return `# Taken over from a file of agentd.\n${stringify(declaration, { lineWidth: 0 })}`;
}
