import { expect, test } from 'vitest';
import type { SessionWork } from '../../../shared/session-work.ts';
import { againOf } from './again-form.ts';
import { rememberWork } from './started-work.ts';
import { emptyWork } from './work-form.ts';

const work = (more: Partial<SessionWork>) =>
  ({
    agent: 'mender',
    repository: '/tide',
    branch: null,
    input: null,
    attachments: [],
    ...more,
  }) as SessionWork;

test('a start of another window is filled in from the record, and what the record lacks is said', () => {
  const request = work({ input: { kind: 'request', words: 'Raise the' }, attachments: ['a.md', 'b.md'] });
  const { form, lacks } = againOf('ses_1', request);
  expect(form).toEqual({
    agent: 'mender',
    repository: '/tide',
    branch: '',
    handed: 'request',
    request: 'Raise the',
  });
  expect(lacks).toContain('only its first words');
  expect(lacks).toContain('a.md, b.md');
  const unit = againOf('ses_1', work({ input: { kind: 'work_unit', words: 'work unit wu-7' } }));
  expect(unit).toMatchObject({ form: { handed: 'work_unit', unit: 'wu-7' }, lacks: null });
  const artifact = againOf('ses_1', work({ input: { kind: 'artifact', words: 'plan raise' } }));
  expect(artifact.lacks).toBe('Add the artifact again: plan raise.');
});

test('what this window started is known whole, as long as it is not too much', () => {
  const file = { key: 'k', name: 'a', bytes: new Uint8Array(9 << 20), text: null };
  for (const id of ['ses_2', 'ses_3', 'ses_4', 'ses_5'])
    rememberWork(id, { ...emptyWork, agent: id, files: [file] });
  expect(againOf('ses_5', work({})).form?.files?.[0]).toBe(file);
  expect(againOf('ses_2', work({})).form).not.toHaveProperty('files');
});
