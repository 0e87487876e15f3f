import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { compile, isCompiled } from './helper.mjs';

/** A house with one C file, which says what is asked for. */
function house(source: string): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-compile-'));
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }));
  fs.mkdirSync(path.join(root, 'resources', 'helper'), { recursive: true });
  fs.writeFileSync(path.join(root, 'resources', 'helper', 'main.c'), source);
  return root;
}

const program = 'int main(void) { return 0; }\n';
const made = (root: string): boolean => fs.existsSync(path.join(root, 'out', 'helper', 'holdfast-helper'));

test.runIf(process.platform === 'linux')('what is made stays until its sources change', () => {
  const root = house(program);
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  expect(isCompiled(root)).toBe(false);
  compile(root, say);
  expect([isCompiled(root), made(root), said]).toEqual([true, true, []]);
  fs.appendFileSync(path.join(root, 'resources', 'helper', 'main.c'), '/* more */\n');
  expect(isCompiled(root)).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'without a compiler the mend is told, once, and nothing is stopped',
  () => {
    const root = house(program);
    const said: string[] = [];
    const say = (line: string) => said.push(line);
    const env = { PATH: path.join(root, 'nothing') };
    compile(root, say, env);
    compile(root, say, env);
    expect(said).toEqual([
      'Not made: the helper for sandboxes. There is no compiler: sudo apt install g++, then start again.',
    ]);
    expect([isCompiled(root, env), isCompiled(root), made(root)]).toEqual([true, false, false]);
  },
);

test.runIf(process.platform === 'linux')(
  'what the compiler refuses is told in its words, and nothing half is left',
  () => {
    const root = house('int main(void) { return nothing; }\n');
    const said: string[] = [];
    compile(root, (line) => said.push(line));
    expect(said.join('\n')).toContain('nothing');
    expect([isCompiled(root), made(root)]).toEqual([true, false]);
    expect(fs.readdirSync(path.join(root, 'out', 'helper'))).toEqual(['holdfast-helper.failed.json']);
  },
);
