import type { Capability } from '../../../shared/capability.ts';
import { writeHostPattern } from '../../../shared/capability/host-pattern.ts';
import { readPathPattern } from '../../../shared/capability/path-pattern.ts';
import { writeCapability } from '../../../shared/capability/text.ts';
import type { Params, Subtask } from '../../../shared/plan.ts';
import type { Role } from '../../../shared/role.ts';
import type { Ceiling } from '../../../shared/run.ts';
import type { FolderWish } from '../../../shared/session.ts';
import { covers } from '../../capabilities/covering.ts';
import type { CheckedPart } from '../checked-plan.ts';
import { fillBraces } from '../values/braces.ts';
import { grant } from '../values/capability-template.ts';
import { checkParams, inWords, wrongPath } from '../values/parameters.ts';
import { type Json, type Places, withPlaces } from '../values/places.ts';
import { agentsOf } from './agents-of.ts';
import { type CeilingRights, narrowed } from './ceiling.ts';
import type { RoleTemplates } from './role-templates.ts';
import { scaffoldOf } from './scaffold-of.ts';

export interface PartGround {
  readonly ceiling: Ceiling;
  readonly rights: CeilingRights;
  readonly runFolder: string;
  readonly workspace: string;
  readonly places: Places;
  /** Of its role. */
  readonly templates: RoleTemplates;
}

export interface ReadyPart {
  readonly part: Omit<CheckedPart, 'inputsHash'>;
  /** What it asks for by its values, and the ceiling does not hold. */
  readonly wanted: readonly Capability[];
}

/** One part with every value put in and every right narrowed; what keeps it from being one is `told`. */
export function readyPart(
  part: Subtask,
  role: Role,
  ground: PartGround,
  told: (message: string) => void,
): ReadyPart {
  const placed = withPlaces(part.params, ground.places, told) as Params;
  const { values, problems } = checkParams(role.parameters, placed);
  for (const { message } of problems) told(message);
  // A role’s own parameter stands before the word of a place: files of others name theirs so.
  const valueOf = (name: string): Json | undefined => {
    if (Object.hasOwn(role.parameters, name)) return values[name];
    return name === 'run' ? ground.runFolder : name === 'workspace' ? ground.workspace : undefined;
  };
  const { rights, dropped, wanted } = rightsFor(ground.templates, valueOf, ground.rights, told);
  const outputs = outputsOf(ground.templates, valueOf, told);
  const isWord = (word: string) =>
    Object.hasOwn(role.parameters, word) || word === 'run' || word === 'workspace';
  const message = fillBraces(role.messageTemplate, isWord, (word) => inWords(valueOf(word)));
  const reached = reach(rights, ground);
  const { kind, image } = role.sandbox;
  if (kind !== null && kind !== ground.ceiling.sandbox) {
    dropped.push(`a sandbox of the kind ${kind}: the run’s parts work in ${ground.ceiling.sandbox} ones`);
  }
  if (
    image !== null &&
    ground.ceiling.sandbox === 'container' &&
    ground.ceiling.image !== null &&
    image !== ground.ceiling.image
  ) {
    dropped.push(`the image ${image}: the run’s parts work in ${ground.ceiling.image}`);
  }
  const scaffold = problems.length > 0 ? null : scaffoldOf(role, valueOf, outputs, told);
  const agents = agentsOf(role, { rights, hosts: reached.hosts, ceiling: ground.ceiling, scaffold });
  const { inputTokens, outputTokens, micros } = role.budget;
  const tokens =
    inputTokens === null && outputTokens === null ? null : (inputTokens ?? 0) + (outputTokens ?? 0);
  return {
    wanted,
    part: {
      name: part.id,
      title: part.title ?? part.id,
      role,
      dependsOn: part.depends_on,
      params: values,
      message,
      agents,
      rights,
      dropped,
      outputs,
      ...reached,
      writes: [...new Set([...writesOf(rights, ground.runFolder), ...outputs])],
      ttl: part.ttl,
      tier: Math.min(part.current_model_tier, agents.length - 1),
      priority: part.priority ?? role.priority,
      sharesFolders: part.shares_folders ?? false,
      budget: tokens === null && micros === null ? null : { tokens, micros },
    },
  };
}

function rightsFor(
  { templates }: RoleTemplates,
  valueOf: (name: string) => Json | undefined,
  ceiling: CeilingRights,
  told: (message: string) => void,
): { rights: Capability[]; dropped: string[]; wanted: Capability[] } {
  const rights = new Map<string, Capability>();
  const dropped: string[] = [];
  const wanted: Capability[] = [];
  for (const { template, optional, always } of templates) {
    // What is not said where it need not be is not asked for.
    if (optional.some((name) => valueOf(name) === undefined)) continue;
    const granted = always ? { capabilities: [] } : grant(template, valueOf);
    if ('unresolved' in granted) dropped.push(`${template.text}: ${granted.unresolved}`);
    else if ('refused' in granted) told(`the right “${template.text}” cannot be had: ${granted.refused}`);
    else {
      for (const { kept, lost } of always ?? granted.capabilities.map((each) => narrowed(each, ceiling))) {
        for (const each of kept) rights.set(writeCapability(each), each);
        if (!lost) continue;
        dropped.push(lost.words);
        // What a role may always do at most is no wish of this plan’s.
        if (!always) wanted.push(lost.wanted);
      }
    }
  }
  return { rights: withoutRepeats([...rights.values()]), dropped, wanted };
}

/** What a wider one of them holds already is not said again. */
function withoutRepeats(rights: readonly Capability[]): Capability[] {
  const wide = rights.filter(
    (right) => right.kind.startsWith('file_') && writeCapability(right).endsWith('*'),
  );
  return rights.filter((right) => !wide.some((other) => other !== right && covers(other, right)));
}

function outputsOf(
  { outputs }: RoleTemplates,
  valueOf: (name: string) => Json | undefined,
  told: (message: string) => void,
): string[] {
  const found = outputs.flatMap((template) => {
    const granted = grant(template, valueOf);
    if ('unresolved' in granted) return [];
    if ('refused' in granted) {
      told(`the file “${template.text.slice('file_write: '.length)}” cannot be left: ${granted.refused}`);
      return [];
    }
    return granted.capabilities.flatMap((each) => (each.kind === 'file_write' ? [each.path] : []));
  });
  const wrong = found.find((path) => path.endsWith('*') || wrongPath(path) !== null);
  if (wrong !== undefined) told(`${wrong} is no file that could be left.`);
  return [...new Set(found)];
}

/** The folders and hosts that rights reach: what of the ceiling a part is given at all. */
function reach(
  rights: readonly Capability[],
  { ceiling, runFolder }: PartGround,
): { folders: FolderWish[]; hosts: string[] } {
  const touches = (kinds: readonly Capability['kind'][], path: string) =>
    rights.some((right) => {
      if (!kinds.includes(right.kind)) return false;
      const pattern = 'path' in right ? right.path : 'folder' in right ? right.folder : '*';
      const place = pattern.endsWith('/*') ? pattern.slice(0, -2) : pattern;
      if (isWithin(place, runFolder) && !isWithin(path, runFolder)) return false;
      return pattern === '*' || isWithin(place, path) || (pattern.endsWith('/*') && isWithin(path, place));
    });
  const folders = ceiling.folders.flatMap(({ path: written, mode }): FolderWish[] => {
    const path = readPathPattern({ text: written, field: 'folders', offset: 0 });
    if (mode !== 'ro' && touches(['file_write', 'cargo_run', 'git_commit'], path)) return [{ path, mode }];
    return touches(['file_read'], path) ? [{ path, mode: 'ro' }] : [];
  });
  const hosts = rights.flatMap((right) =>
    right.kind === 'network' ? right.hosts.map(writeHostPattern) : [],
  );
  return { folders, hosts: [...new Set(hosts)].toSorted() };
}

/** Where two parts could step on each other’s feet. */
function writesOf(rights: readonly Capability[], runFolder: string): string[] {
  const whole = { kind: 'file_write', path: `${runFolder}/*` } as const;
  const found = rights.flatMap((right) => {
    if (right.kind === 'cargo_run' || right.kind === 'git_commit') {
      return right.folder === whole.path ? [] : [right.folder];
    }
    return right.kind === 'file_write' && !covers(right, whole) ? [right.path] : [];
  });
  return [...new Set(found.map((path) => (path.endsWith('/*') ? path.slice(0, -2) : path)))];
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
