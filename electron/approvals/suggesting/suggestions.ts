import { posix } from 'node:path';
import type { Suggestion } from '../../../shared/approval.ts';
import type { RuleDraft, RuleScope } from '../../../shared/rule.ts';
import { writeCommandPattern } from '../../../shared/capability/command-pattern.ts';
import { isPlain } from '../../../shared/capability/miswritten.ts';
import { writeHostPattern } from '../../../shared/capability/host-pattern.ts';
import type { Question } from '../queue/question.ts';
import type { Rules } from '../rules.ts';
import { programOf } from '../shell/programs.ts';
import { wrappers } from '../shell/wrappers.ts';
import { weighedCall } from '../weighing/call-parts.ts';
import type { CommandPart, Part } from '../weighing/part.ts';

interface SuggestedFor extends Pick<Question, 'input' | 'intents' | 'parts'> {
  readonly tool: string;
  readonly agent: string;
  readonly session: string;
  readonly folder: string | null;
}

/**
 * Rules that together would answer this call and calls like it, as narrow as is of use. Where one part cannot be
 * described by a rule, none is proposed: the others would not keep it from asking.
 */
export async function suggestionsFor(asked: SuggestedFor, rules: Rules): Promise<Suggestion[]> {
  const { parts } = await weighedCall(asked);
  const scope: RuleScope =
    asked.folder === null ? { kind: 'everywhere' } : { kind: 'project', folder: asked.folder };
  const suggested = new Map<string, Suggestion>();
  for (const [i, part] of parts.entries()) {
    const verdict = asked.parts[i]?.verdict;
    if (verdict !== 'ask' || (part.kind === 'command' && part.within)) continue;
    const what = whatOf(part, asked.tool, parts);
    if (what === null) return [];
    const draft: RuleDraft = { effect: 'allow', what, agent: null, scope, expires: null };
    const { words, warnings, overrides } = rules.words(rules.check(draft));
    suggested.set(what, { draft, words, warnings, overrides });
  }
  return [...suggested.values()];
}

function whatOf(part: Part, tool: string, parts: readonly Part[]): string | null {
  switch (part.kind) {
    case 'command':
      return commandOf(part);
    case 'read':
    case 'write': {
      const folder = posix.dirname(part.path);
      const kind = part.kind === 'read' ? 'file_read' : 'file_write';
      return isPlain(folder) && folder.startsWith('/') && !folder.includes('*')
        ? `${kind}: ${posix.join(folder, '*')}`
        : null;
    }
    case 'host':
      return `network: ${portOf(part)}`;
    case 'spawn':
      return `spawn_agent: ${part.name}`;
    case 'message':
      return `message: ${part.name}`;
    case 'action':
    case 'call': {
      const host = parts.find((other) => other.kind === 'host');
      return host ? `${tool} with network: ${portOf(host)}` : `tool: ${tool}`;
    }
  }
}

function portOf({ host, port }: { host: string; port: number }): string {
  return writeHostPattern({ host, ports: { from: port, to: port } });
}

/** With any arguments only where the program is known to do nothing but look; otherwise these words alone. */
function commandOf({ argv, unclear, careful, open }: CommandPart): string | null {
  const [name, first] = argv;
  if (name === undefined || unclear !== null || !argv.every((word) => word === '' || isPlain(word)))
    return null;
  const program = programOf(argv);
  const pattern = (words: readonly string[], rest: boolean) =>
    `exec: ${writeCommandPattern({ words: [...words], rest })}`;
  if (careful === null && !name.includes('/') && !wrappers.has(name)) {
    if (program?.looks === true) return pattern([name], true);
    if (first !== undefined && program?.looking?.includes(first)) return pattern([name, first], true);
  }
  return open ? null : pattern(argv, false);
}
