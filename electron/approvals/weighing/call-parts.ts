import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../shared/capability/custom-params.ts';
import type { Intent } from '../../tools/tool.ts';
import { commandParts } from '../shell/command-parts.ts';
import { lineParts, loadGrammar } from '../shell/command-line.ts';
import type { WeighedCall } from './fitting.ts';
import { type Part, unclearPart } from './part.ts';

export interface CallFacts {
  readonly tool: string;
  readonly agent: string | null;
  readonly session: string | null;
  readonly folder: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  readonly intents: readonly Intent[];
}

type Json = Parameters<typeof canonicalJson>[0];

/** The hash of any values that JSON can hold, however their names are ordered. */
export function hashOf(value: unknown): string {
  const plain = JSON.parse(JSON.stringify(value)) as Json;
  return createHash('sha256').update(canonicalJson(plain)).digest('hex');
}

/** The call with every part of it that has to be allowed by itself. The grammar is loaded when a line is met. */
export async function weighedCall(facts: CallFacts): Promise<WeighedCall> {
  const { tool, agent, session, folder, input, intents } = facts;
  const parts: Part[] = [];
  for (const intent of intents) parts.push(...(await partsOf(intent, folder)));
  if (parts.length === 0) parts.push({ kind: 'call', tool });
  return { tool, agent, session, folder, parts, exactly: hashOf({ tool, input }) };
}

async function partsOf(intent: Intent, folder: string | null): Promise<readonly Part[]> {
  switch (intent.kind) {
    case 'read':
    case 'write':
      return [{ kind: intent.kind, path: intent.path, text: intent.path }];
    case 'shell':
      return lineParts(await loadGrammar(), intent.line, intent.cwd ?? folder);
    case 'exec': {
      const grammar = await loadGrammar();
      const cwd = intent.cwd ?? folder;
      const text = intent.argv.map(shown).join(' ');
      return commandParts({ argv: intent.argv, open: false, text, unclear: null, cwd }, (line) =>
        lineParts(grammar, line, cwd),
      );
    }
    case 'network':
      return [{ kind: 'host', host: intent.host, port: intent.port }];
    case 'search':
      return [{ kind: 'call', tool: 'web_search' }];
    case 'spawn':
      return [{ kind: 'spawn', name: intent.agent }];
    case 'message':
      return [{ kind: 'message', name: intent.to }];
    case 'action':
      return [{ kind: 'action', what: intent.what }];
    default:
      return [unclearPart('?', 'its effect is of a kind that is not known here')];
  }
}

function shown(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
