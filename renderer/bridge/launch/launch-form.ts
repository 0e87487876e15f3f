import type { z } from 'zod';
import type { ApprovalLevel } from '../../../shared/approval.ts';
import type { Ceiling, runWishSchema } from '../../../shared/run.ts';
import type { SandboxKind } from '../../../shared/session.ts';
import { readBudget } from '../budget-field.ts';
import { readDeadline } from '../deadline-field.ts';
import { readFolders } from '../folder-lines.ts';
import type { FolderLine } from '../FolderLines.tsx';
import { readHosts } from '../hosts-field.ts';

export type LaunchKind = 'goal' | 'recipe' | 'agent';

/** A value as it is typed; lists one entry a line. */
export type Typed = string | boolean;

/** What a person has filled in so far. */
export interface LaunchForm {
  readonly kind: LaunchKind;
  readonly text: string;
  readonly mode: 'auto' | 'plan' | 'direct';
  readonly recipe: string | null;
  readonly params: Readonly<Record<string, Typed>>;
  readonly agent: string | null;
  readonly folders: readonly FolderLine[];
  readonly sandbox: SandboxKind;
  readonly image: string;
  readonly hosts: string;
  readonly budget: string;
  readonly deadline: string;
  readonly approvals: ApprovalLevel;
  readonly approvePlan: 'never' | 'always' | 'beyond';
}

export const emptyForm: LaunchForm = {
  kind: 'goal',
  text: '',
  mode: 'auto',
  recipe: null,
  params: {},
  agent: null,
  folders: [],
  sandbox: 'namespace',
  image: '',
  hosts: '',
  budget: '',
  deadline: '',
  approvals: 'boundaries',
  approvePlan: 'beyond',
};

export type LaunchWish = z.input<typeof runWishSchema>;
/** What a recipe asks for when it is launched. */
export type Asks = Pick<Ceiling, 'folders' | 'hosts' | 'sandbox' | 'image' | 'seconds'>;
export type WrongIn = 'folders' | 'hosts' | 'budget' | 'deadline';

export interface ReadLaunch {
  /** Null while something is missing or wrong. */
  readonly wish: LaunchWish | null;
  readonly wrong: Readonly<Partial<Record<WrongIn, string>>>;
}

type Params = Extract<LaunchWish['invocation'], { kind: 'recipe' }>['params'];

/** The form as a wish. `asks` is what the chosen recipe asks for with these values; null while that is not known. */
export function readLaunch(
  form: LaunchForm,
  params: Params | null,
  asks: Asks | null,
  title: string | null = null,
): ReadLaunch {
  const { folders, wrong: wrongFolders } = readFolders(form.folders);
  const hosts = readHosts(form.hosts);
  const budget = readBudget(form.budget);
  const deadline = readDeadline(form.deadline);
  const wrong = {
    ...(wrongFolders !== undefined && { folders: wrongFolders }),
    ...(hosts.wrong !== undefined && { hosts: hosts.wrong }),
    ...(budget.wrong !== undefined && { budget: budget.wrong }),
    ...(deadline.wrong !== undefined && { deadline: deadline.wrong }),
  };
  const invocation = invocationOf(form, params, asks);
  if (!invocation || Object.keys(wrong).length > 0) return { wish: null, wrong };
  const own = new Set(folders.map(({ path }) => path));
  const image = form.sandbox === 'container' && form.image.trim() !== '' ? form.image.trim() : null;
  const container = asks?.sandbox === 'container' || (asks?.image ?? null) !== null;
  return {
    wrong,
    wish: {
      invocation,
      title,
      ceiling: {
        // What the person says of a folder goes before what a recipe asks for it.
        folders: [...folders, ...(asks?.folders ?? []).filter(({ path }) => !own.has(path))],
        hosts: [...new Set([...hosts.names, ...(asks?.hosts ?? [])])],
        sandbox: container ? 'container' : form.sandbox,
        image: image ?? asks?.image ?? null,
        approvals: form.approvals,
        tokens: budget.budget?.tokens ?? null,
        micros: budget.budget?.micros ?? null,
        seconds: deadline.seconds ?? asks?.seconds ?? null,
      },
      approvePlan: form.approvePlan,
    },
  };
}

function invocationOf(
  { kind, text, mode, recipe, agent }: LaunchForm,
  params: Params | null,
  asks: Asks | null,
): LaunchWish['invocation'] | null {
  const said = text.trim();
  if (kind === 'recipe') return recipe && params && asks ? { kind, recipe, params } : null;
  if (said === '') return null;
  if (kind === 'goal') return { kind, goal: said, mode };
  return agent ? { kind, agent, text: said } : null;
}
