import type { Capability, CapabilityKind } from '../../../shared/capability.ts';
import { readCapability, writeCapability } from '../../../shared/capability/text.ts';
import { Problem } from '../../../shared/problem.ts';

/** What a rule is about: a tool, an argument of any tool, an argument of one tool, or exactly one call. */
export interface RuleWhat {
  readonly tool: string | null;
  readonly capability: Exclude<Capability, { kind: 'tool' }> | null;
  /** The hash of a tool with its arguments. */
  readonly exactly: string | null;
}

const known = new Set<CapabilityKind>([
  'exec',
  'file_read',
  'file_write',
  'network',
  'spawn_agent',
  'message',
  'tool',
]);
const toolName = /^[A-Za-z][\w.:-]{0,199}$/;

/** `exec: git status *`, `tool: web_fetch`, `http_request with network: example.org`, `exactly NAME HASH`. */
export function readRuleWhat(text: string): RuleWhat {
  const [, exact, hash] = /^exactly (\S+) ([0-9a-f]{64})$/.exec(text) ?? [];
  if (exact !== undefined && hash !== undefined) return { tool: exact, capability: null, exactly: hash };
  const [, before, after] = /^(\S+) with (.+)$/s.exec(text) ?? [];
  const tool = before !== undefined && toolName.test(before) ? before : null;
  const capability = readCapability(tool === null ? text : after, 'rule');
  if (!known.has(capability.kind)) {
    throw new Problem(
      'invalid_input',
      `“${text}” is nothing that a rule can be about.`,
      'Write “exec: git status *”, “file_write: /folder/*”, “network: example.org”, “tool: NAME”, or “NAME with” one of the first three.',
    );
  }
  if (capability.kind !== 'tool') return { tool, capability, exactly: null };
  if (tool === null) return { tool: capability.name, capability: null, exactly: null };
  throw new Problem('invalid_input', `“${text}” names a tool twice.`, `Write “tool: ${tool}”.`);
}

export function writeRuleWhat({ tool, capability, exactly }: RuleWhat): string {
  if (exactly !== null) return `exactly ${tool} ${exactly}`;
  if (capability === null) return `tool: ${tool}`;
  return tool === null ? writeCapability(capability) : `${tool} with ${writeCapability(capability)}`;
}

/** For people: an exact call by the beginning of its hash. */
export function whatWords(what: RuleWhat): string {
  if (what.exactly === null) return writeRuleWhat(what);
  return `exactly this call of ${what.tool} (${what.exactly.slice(0, 8)})`;
}
