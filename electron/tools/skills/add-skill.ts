import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize } from 'node:path';
import { Problem } from '../../../shared/problem.ts';
import { makePrivateFolder } from '../../base/private-files.ts';
import { removeTree } from '../../base/remove-tree.ts';
import { readInside } from './inside-folder.ts';
import { readSkill } from './read-skill.ts';
import { filesOf, mostFileBytes } from './skill-files.ts';

const mostBytes = 20_000_000;

/** Copies a skill that was checked, whole or not at all. Links are not taken along. */
export async function addSkill(
  from: string,
  own: string,
  replace: boolean,
): Promise<{ name: string; files: number; bytes: number; sha256: string }> {
  if (!isAbsolute(from)) {
    throw new Problem(
      'invalid_input',
      `“${from}” is no whole path.`,
      'Give the skill’s folder as a whole path.',
    );
  }
  const source = normalize(from).replace(/\/+$/, '');
  const { name } = await readSkill(source).catch((thrown: unknown) => {
    const { code, message, mend } = Problem.of(thrown);
    throw new Problem(code, `${basename(source)} is no skill that can be added: ${message}`, mend);
  });
  const target = join(own, name);
  if (existsSync(target) && !replace) {
    throw new Problem('conflict', `There is a skill ${name} already.`, 'Replace it with --replace.');
  }
  const files = ['SKILL.md', ...(await filesOf(source))];
  await makePrivateFolder(own);
  const fresh = join(own, `.adding-${randomUUID()}`);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for (const file of files) {
      const content = await readInside(source, file, mostFileBytes);
      bytes += content.length;
      if (bytes > mostBytes) {
        throw new Problem('too_large', `It has more than ${mostBytes.toLocaleString('en')} bytes.`);
      }
      hash.update(`${Buffer.byteLength(file)} ${file} ${content.length}\n`).update(content);
      await mkdir(dirname(join(fresh, file)), { recursive: true });
      await writeFile(join(fresh, file), content, { flag: 'wx' });
    }
    if (existsSync(target)) await removeTree(target);
    await rename(fresh, target);
    return { name, files: files.length, bytes, sha256: hash.digest('hex') };
  } finally {
    await removeTree(fresh);
  }
}
