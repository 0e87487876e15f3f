import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { Problem } from '../../shared/problem.ts';
import { storageProblem } from './database.ts';
import { startProblem } from './start-problem.ts';

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (thrown) {
    return thrown;
  }
}

test.runIf(process.platform === 'linux')('a full disk keeps a start from going on, and is said so', () => {
  const full = thrownBy(() => writeFileSync('/dev/full', 'x'));
  for (const failure of [full, storageProblem(full)])
    expect(startProblem(failure, '/data')).toMatchObject({
      code: 'storage_full',
      message: 'There is no room left on the disk that holds /data.',
      mend: 'Free some space there, and start Holdfast again.',
    });
});

test('what the system refuses has a mend, also when it was passed on; what is known stays as it is', () => {
  const refused = thrownBy(() => readFileSync(tmpdir()));
  for (const failure of [refused, Problem.of(refused)]) {
    const problem = startProblem(failure, '/data');
    expect(problem.code).toBe('storage_failed');
    expect(problem.message).toContain('Holdfast cannot start on /data: EISDIR');
  }
  const known = new Problem('locked', 'It is in use.', 'Stop it.', { cause: refused });
  expect(startProblem(known, '/data')).toBe(known);
  expect(startProblem(new Error('unforeseen'), '/data').code).toBe('internal');
});
