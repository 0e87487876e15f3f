import type { z } from 'zod';
import { tokenWishSchema } from '../../../../shared/contract/house.ts';
import { mcpRightsSchema } from '../../../../shared/mcp.ts';
import { type McpTool, mcpTools, usualMcpTools } from '../../../../shared/mcp-tools.ts';
import { readBudget } from '../../../bridge/budget-field.ts';
import { readFolders } from '../../../bridge/folder-lines.ts';
import type { FolderLine } from '../../../bridge/FolderLines.tsx';
import { readHosts } from '../../../bridge/hosts-field.ts';
import { endOf, type Lifetime } from '../token-form.ts';

export type Period = 'day' | 'hour' | 'ever';

/** What a person has filled in of what a program may do. */
export interface LetInForm {
  readonly name: string;
  readonly tools: ReadonlySet<McpTool>;
  /** Null: any agent. */
  readonly agents: ReadonlySet<string> | null;
  readonly folders: readonly FolderLine[];
  readonly hosts: string;
  readonly budget: string;
  readonly period: Period;
  readonly callsPerMinute: string;
  readonly callsAtOnce: string;
  readonly lifetime: Lifetime;
}

export const emptyLetIn: LetInForm = {
  name: '',
  tools: new Set(usualMcpTools),
  agents: null,
  folders: [],
  hosts: '',
  budget: '',
  period: 'day',
  callsPerMinute: String(mcpRightsSchema.shape.callsPerMinute.parse(undefined)),
  callsAtOnce: String(mcpRightsSchema.shape.callsAtOnce.parse(undefined)),
  lifetime: 'year',
};

export const periods: readonly { value: Period; label: string }[] = [
  { value: 'day', label: 'each day' },
  { value: 'hour', label: 'each hour' },
  { value: 'ever', label: 'in all' },
];

const seconds: Record<Period, number> = { day: 86_400, hour: 3600, ever: 0 };

type Wrong = 'name' | 'tools' | 'agents' | 'folders' | 'hosts' | 'budget' | Bound;

export interface ReadLetIn {
  /** Null while something is missing or wrong. */
  readonly wish: z.input<typeof tokenWishSchema> | null;
  readonly wrong: Readonly<Partial<Record<Wrong, string>>>;
}

type Bound = 'callsPerMinute' | 'callsAtOnce';

/** Empty: as usual. */
function readBound(bound: Bound, text: string): { number: number | undefined; wrong: string | null } {
  const said = text.trim();
  const number = /^\d{1,9}$/.test(said) ? Number(said) : NaN;
  if (said === '') return { number: undefined, wrong: null };
  const most = mostOf[bound];
  return number >= 1 && number <= most
    ? { number, wrong: null }
    : { number: undefined, wrong: `A number from 1 to ${most.toLocaleString('en')}.` };
}

const { callsPerMinute: inMinute, callsAtOnce: atOnce } = mcpRightsSchema.shape;
const mostOf: Record<Bound, number> = {
  callsPerMinute: inMinute.unwrap().maxValue ?? Infinity,
  callsAtOnce: atOnce.unwrap().maxValue ?? Infinity,
};

/** The form as a token that is asked for, or what is wrong with it. */
export function readLetIn(form: LetInForm, now: Date): ReadLetIn {
  const { folders, wrong: wrongFolders } = readFolders(form.folders);
  const hosts = readHosts(form.hosts);
  const { budget, wrong: wrongBudget } = readBudget(form.budget);
  const perMinute = readBound('callsPerMinute', form.callsPerMinute);
  const together = readBound('callsAtOnce', form.callsAtOnce);
  const name = form.name.trim();
  const wrong = {
    ...(name === '' && { name: 'Give it a name.' }),
    ...(name.length > 80 && { name: 'At most 80 letters.' }),
    ...(form.tools.size === 0 && { tools: 'Choose at least one.' }),
    ...(form.agents?.size === 0 && { agents: 'Choose at least one, or any.' }),
    ...(wrongFolders !== undefined && { folders: wrongFolders }),
    ...(hosts.wrong !== undefined && { hosts: hosts.wrong }),
    ...(wrongBudget !== undefined && { budget: wrongBudget }),
    ...(perMinute.wrong !== null && { callsPerMinute: perMinute.wrong }),
    ...(together.wrong !== null && { callsAtOnce: together.wrong }),
  };
  if (Object.keys(wrong).length > 0) return { wish: null, wrong };
  const wish: z.input<typeof tokenWishSchema> = {
    name,
    caller: 'client',
    procedures: [],
    mcp: {
      tools: mcpTools.filter((tool) => form.tools.has(tool)),
      agents: form.agents && [...form.agents],
      folders,
      hosts: hosts.patterns,
      budget: budget && { ...budget, periodSeconds: seconds[form.period] },
      callsPerMinute: perMinute.number,
      callsAtOnce: together.number,
    },
    expires: endOf(form.lifetime, now),
  };
  return tokenWishSchema.safeParse(wish).success
    ? { wish, wrong }
    : { wish: null, wrong: { name: 'This is more than one token can hold.' } };
}
