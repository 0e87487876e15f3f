import { expect, test } from 'vitest';
import type { Recognised } from '../../../shared/methodology.ts';
import { workWishSchema } from '../../../shared/work.ts';
import { readFiles } from './given-files.ts';
import {
  type CommandAgent,
  emptyWork,
  handOf,
  type Looks,
  readWork,
  refusedAt,
  type WorkForm,
} from './work-form.ts';

const agent = (methodology: string | null) =>
  ({ name: 'mender', command: { repository: '/home/sam/tide', branch: null, methodology } }) as CommandAgent;
const plain = agent(null);
const methodical = agent('/home/sam/way');

const files = async (...named: [string, string | Uint8Array<ArrayBuffer>][]) =>
  (await readFiles(named.map(([name, content]) => new File([content], name)))).read;

const look = (type: string | null, wrong: Partial<Recognised> = {}): Recognised => ({
  type,
  fits: type === null ? [] : [type],
  nearest: null,
  problems: [],
  ...wrong,
});

test('words, a work unit or nothing become what is asked for, with the files attached', async () => {
  const form: WorkForm = {
    ...emptyWork,
    handed: 'request',
    request: 'Mend the links.',
    files: await files(['tide.csv', 'low,high']),
    deadline: '10m',
    branch: ' main ',
  };
  const { wishes, wrong } = readWork(form, plain, new Map());
  expect(wrong).toEqual({});
  expect(workWishSchema.parse(wishes?.[0])).toMatchObject({
    agent: 'mender',
    repository: null,
    branch: 'main',
    input: { kind: 'request', text: 'Mend the links.' },
    attachments: [{ name: 'tide.csv', data: 'bG93LGhpZ2g=' }],
    seconds: 600,
  });
  const unit = readWork(
    { ...form, handed: 'work_unit', unit: 'wu-7', repository: 'ssh://x' },
    plain,
    new Map(),
  );
  expect(unit.wishes).toBeNull();
  expect(Object.keys(unit.wrong)).toEqual(['repository']);
  expect(readWork({ ...form, handed: 'request', request: ' ' }, plain, new Map()).wishes).toBeNull();
  expect(readWork(emptyWork, plain, new Map()).wishes).toMatchObject([{ input: null, attachments: [] }]);
});

test('a refusal stands at the field that it is about', () => {
  const refused = (message: string, form: Partial<WorkForm> = {}) =>
    refusedAt({ message, mend: 'Make it first.' }, { ...emptyWork, ...form }, plain);
  expect(refused('There is no folder /sea.', { repository: '/sea' })).toEqual({
    repository: 'There is no folder /sea. Make it first.',
  });
  expect(Object.keys(refused('There is no folder /home/sam/tide.'))).toEqual(['repository']);
  expect(Object.keys(refused('“ebb” is no name of a branch.', { branch: 'ebb' }))).toEqual(['branch']);
  expect(refused('There is no secret “key”.')).toEqual({});
});

test('a file that the methodology knows is the artifact, the others are attached', async () => {
  const given = await files(['notes.md', '# Tide'], ['raise.json', '{"steps":["a"]}']);
  const form = { ...emptyWork, files: given };
  const looks: Looks = new Map([[given[1]!.key, look('plan')]]);
  expect(handOf(form, plain, new Map()).handed).toBe('nothing');
  const { wishes } = readWork(form, methodical, looks);
  expect(wishes).toMatchObject([
    {
      input: { kind: 'artifact', type: 'plan', id: 'raise', document: { steps: ['a'] } },
      attachments: [{ name: 'notes.md' }],
    },
  ]);
  const attached = readWork({ ...form, handed: 'nothing' }, methodical, looks);
  expect(attached.wishes?.[0]?.attachments).toHaveLength(2);
});

test('a file that is no artifact begins nothing, and one that may be several is asked about', async () => {
  const [file] = await files(['raise.json', '{}']);
  const form = { ...emptyWork, files: [file!] };
  const problem = { line: 1, column: 1, field: '', message: 'There is no field “steps”.' };
  const broken = new Map([[file!.key, look(null, { nearest: 'plan', problems: [problem] })]]);
  expect(readWork(form, methodical, broken).wishes).toBeNull();
  const doubtful = new Map([[file!.key, look(null, { fits: ['plan', 'change'] })]]);
  expect(readWork(form, methodical, doubtful).wrong.artifact).toContain('plan and as change');
  expect(readWork(form, methodical, new Map()).wishes).toBeNull();
});

test('several artifacts have one session each where the person wants it so', async () => {
  const given = await files(['one.json', '{}'], ['two.json', '[]']);
  const looks: Looks = new Map(given.map(({ key }) => [key, look('plan')]));
  const form = { ...emptyWork, files: given };
  expect(readWork(form, methodical, looks).wishes).toHaveLength(1);
  const { wishes } = readWork({ ...form, each: true }, methodical, looks);
  expect(
    wishes?.map(({ input, attachments }) => [input?.kind === 'artifact' && input.id, attachments]),
  ).toEqual([
    ['one', []],
    ['two', []],
  ]);
});

test('files that are too large, too many or of one name are refused with what to do', async () => {
  const large = {
    name: 'moon.iso',
    size: 9 << 20,
    arrayBuffer: () => Promise.reject(new Error('is not read')),
  };
  const folder = { name: 'sea', size: 4096, arrayBuffer: () => Promise.reject(new Error('a folder')) };
  const { read, refused } = await readFiles([large, folder]);
  expect(read).toEqual([]);
  expect(refused).toEqual([
    'moon.iso has more than 8 MiB: put it into the repository, or mount its folder.',
    'sea cannot be read; a folder is mounted in the agent’s file.',
  ]);
  const many = await files(...Array.from({ length: 17 }, (_, i) => [`f${i}`, ''] as [string, string]));
  expect(readWork({ ...emptyWork, files: many }, plain, new Map()).wrong.files).toContain('At most 16');
  const eight = new Uint8Array(8 << 20).fill(255);
  const heavy = await files(['a', eight], ['b', eight], ['c', 'x']);
  expect(heavy.map(({ text }) => text)).toEqual([null, null, 'x']);
  expect(readWork({ ...emptyWork, files: heavy }, plain, new Map()).wrong.files).toContain('16 MiB');
  const same = await files(['a', 'x'], ['a', 'y']);
  expect(readWork({ ...emptyWork, files: same }, plain, new Map()).wrong.files).toContain('the same name');
});
