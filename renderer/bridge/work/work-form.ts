import type { z } from 'zod';
import type { Agent } from '../../../shared/agent.ts';
import { mostAttachedBytes, mostAttachments } from '../../../shared/attachment-limits.ts';
import type { AgentCommand } from '../../../shared/command-agent.ts';
import type { Recognised } from '../../../shared/methodology.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { workWishSchema } from '../../../shared/work.ts';
import { base64OfBytes } from '../base64.ts';
import { readDeadline } from '../deadline-field.ts';
import type { GivenFile } from './given-files.ts';

export type Handed = 'nothing' | 'request' | 'work_unit' | 'artifact';

/** What a person has filled in so far. */
export interface WorkForm {
  readonly agent: string | null;
  readonly repository: string;
  readonly branch: string;
  /** Null: as the files say. */
  readonly handed: Handed | null;
  readonly request: string;
  readonly unit: string;
  readonly files: readonly GivenFile[];
  /** The file that is handed in as an artifact; null: the first that can be. */
  readonly artifact: string | null;
  /** Of the artifact; null: as it is recognised. */
  readonly type: string | null;
  /** Null: the file’s name. */
  readonly id: string | null;
  /** One session for each file, where all are artifacts. */
  readonly each: boolean;
  readonly deadline: string;
}

export const emptyWork: WorkForm = {
  agent: null,
  repository: '',
  branch: '',
  handed: null,
  request: '',
  unit: '',
  files: [],
  artifact: null,
  type: null,
  id: null,
  each: false,
  deadline: '',
};

export type CommandAgent = Agent & { command: AgentCommand };
export type WorkWishInput = z.input<typeof workWishSchema>;
/** What files are by the methodology, by their keys; those that were not looked at yet are not in it. */
export type Looks = ReadonlyMap<string, Recognised>;

/** How the files are handed in. */
export interface Hand {
  readonly handed: Handed;
  readonly artifact: GivenFile | null;
  readonly attachments: readonly GivenFile[];
  /** All files, where each of them is an artifact: then each may have a session. */
  readonly every: readonly GivenFile[] | null;
  readonly isEach: boolean;
}

export const isJson = ({ name, text }: GivenFile) => text !== null && /\.json$/i.test(name);

export function handOf(form: WorkForm, agent: CommandAgent | null, looks: Looks): Hand {
  const { files } = form;
  const good = files.filter(({ key }) => (looks.get(key)?.type ?? null) !== null);
  const meant = files.find(({ key }) => key === form.artifact);
  const isMethodical = (agent?.command.methodology ?? null) !== null;
  const candidate = meant ?? good[0] ?? (isMethodical ? files.find(isJson) : undefined);
  const handed = form.handed ?? (candidate ? 'artifact' : 'nothing');
  const artifact = handed === 'artifact' ? (candidate ?? files.find(isJson) ?? null) : null;
  const every = handed === 'artifact' && files.length > 1 && good.length === files.length ? files : null;
  const isEach = every !== null && form.each;
  return {
    handed,
    artifact,
    attachments: isEach ? [] : files.filter((file) => file !== artifact),
    every,
    isEach,
  };
}

export const idOf = ({ name }: GivenFile) => name.replace(/\.[^.]+$/, '') || name;

/** What may be one step of a path, on every system. */
export const isStep = (name: string) => /^[^/\\\n]{1,200}$/.test(name) && name !== '.' && name !== '..';

export type WrongIn = 'repository' | 'branch' | 'unit' | 'artifact' | 'files' | 'deadline';

export interface ReadWork {
  /** Null while something is missing or wrong; more than one where each file has a session. */
  readonly wishes: readonly WorkWishInput[] | null;
  readonly wrong: Readonly<Partial<Record<WrongIn, string>>>;
}

/** The form as what is asked for. */
export function readWork(form: WorkForm, agent: CommandAgent | null, looks: Looks): ReadWork {
  const hand = handOf(form, agent, looks);
  const deadline = readDeadline(form.deadline);
  const repository = form.repository.trim();
  const wrong: ReadWork['wrong'] = {
    ...(repository !== '' &&
      !/^(?:(?:https?|git):\/\/\S+|\/.*)$/.test(repository) && {
        repository: 'It begins with “https://”, “http://”, “git://”, or is a folder from “/” on.',
      }),
    ...(/^-|[\s~^:?*[\\]/.test(form.branch.trim()) && { branch: 'That is no name of a branch.' }),
    ...(form.unit.trim() !== '' &&
      !isStep(form.unit.trim()) && { unit: 'One step of a path: no slash, no backslash.' }),
    ...wrongFiles(hand.attachments),
    ...(hand.handed === 'artifact' && wrongArtifact(form, hand, looks)),
    ...(deadline.wrong !== undefined && { deadline: deadline.wrong }),
  };
  const isPlaced = repository !== '' || (agent?.command.repository ?? null) !== null;
  const inputs = inputsOf(form, hand, looks);
  if (!agent || !isPlaced || !inputs || Object.keys(wrong).length > 0) return { wishes: null, wrong };
  const attachments = hand.attachments.map((file) => ({ name: file.name, data: lettersOf(file) }));
  const wishes = inputs.map((input) => ({
    agent: agent.name,
    repository: repository === '' ? null : repository,
    branch: form.branch.trim() === '' ? null : form.branch.trim(),
    input,
    attachments,
    seconds: deadline.seconds,
  }));
  return { wishes, wrong };
}

const letters = new WeakMap<GivenFile, string>();

/** Made once: a form is read with each letter that is typed. */
function lettersOf(file: GivenFile): string {
  const known = letters.get(file) ?? base64OfBytes(file.bytes);
  letters.set(file, known);
  return known;
}

/** Which field a refusal is about, where it names what stands there. */
export function refusedAt(
  { message, mend }: Pick<Problem, 'message' | 'mend'>,
  form: WorkForm,
  agent: CommandAgent | null,
): ReadWork['wrong'] {
  const words = mend === undefined ? message : `${message} ${mend}`;
  const own = form.repository.trim();
  const repository = own === '' ? (agent?.command.repository ?? '') : own;
  const branch = form.branch.trim();
  if (branch !== '' && message.includes(`“${branch}”`)) return { branch: words };
  return repository !== '' && message.includes(repository) ? { repository: words } : {};
}

function wrongFiles(attachments: readonly GivenFile[]): { files?: string } {
  const bytes = attachments.reduce((sum, file) => sum + file.bytes.length, 0);
  if (attachments.length > mostAttachments)
    return { files: `At most ${mostAttachments} files can be attached: put them into the repository.` };
  if (bytes > mostAttachedBytes)
    return {
      files: `Attachments may have ${mostAttachedBytes / 2 ** 20} MiB in all: put them into the repository, or mount their folder.`,
    };
  const nameless = attachments.find(({ name }) => !isStep(name));
  if (nameless) return { files: `${nameless.name} is no name that a file can have there: rename it.` };
  const names = new Set(attachments.map(({ name }) => name));
  return names.size < attachments.length
    ? { files: 'Two files bear the same name: rename one of them.' }
    : {};
}

function wrongArtifact({ id }: WorkForm, { artifact, isEach }: Hand, looks: Looks): { artifact?: string } {
  if (!artifact || isEach) return {};
  if (artifact.text === null)
    return { artifact: `${artifact.name} is no text; an artifact is a JSON document.` };
  if (!isStep(id?.trim() ?? idOf(artifact)))
    return { artifact: 'Its id is one step of a path: no slash, no backslash, and not empty.' };
  const look = looks.get(artifact.key);
  if (look && look.type === null && look.problems.length === 0 && look.fits.length > 1)
    return { artifact: `It is valid as ${look.fits.join(' and as ')}: say which of them it is.` };
  return {};
}

type Input = NonNullable<WorkWishInput['input']>;

/** One for each session; null while it is missing or not known to be good. */
function inputsOf(form: WorkForm, hand: Hand, looks: Looks): (Input | null)[] | null {
  const { artifact, every, isEach } = hand;
  switch (hand.handed) {
    case 'nothing':
      return [null];
    case 'request':
      return form.request.trim() === '' ? null : [{ kind: 'request', text: form.request }];
    case 'work_unit':
      return form.unit.trim() === '' ? null : [{ kind: 'work_unit', id: form.unit.trim() }];
    case 'artifact': {
      const handed = (isEach ? every : artifact && [artifact]) ?? [];
      const inputs = handed.map((file) => artifactOf(file, looks, isEach ? null : form.id));
      return inputs.length > 0 && !inputs.includes(null) ? inputs : null;
    }
  }
}

function artifactOf(file: GivenFile, looks: Looks, id: string | null): Input | null {
  const look = looks.get(file.key);
  if (!look || look.type === null || look.problems.length > 0 || file.text === null) return null;
  const document = JSON.parse(file.text) as Extract<Input, { kind: 'artifact' }>['document'];
  return { kind: 'artifact', type: look.type, id: id?.trim() ?? idOf(file), document };
}
