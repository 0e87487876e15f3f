import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { createPathOpener } from './open-path.ts';
import { canOpenByDescriptor } from './opening/by-descriptor.ts';
import { smallTree } from './testing/small-tree.ts';

const unshare = process.getuid?.() === 0 ? ['-m'] : ['-rm'];
const possible = canOpenByDescriptor() && spawnSync('unshare', [...unshare, 'true']).status === 0;

// Where no namespaces can be made there is nothing to be tricked with; the test list shows it as skipped.
test.skipIf(!possible)(
  'a folder of another mount namespace is not taken for the one of the same path here',
  async () => {
    const { granted } = smallTree();
    const script = `mount -t tmpfs none "$0" && mkdir "$0/a" && echo theirs > "$0/a/file" && echo ready && exec cat`;
    const other = spawn('unshare', [...unshare, 'sh', '-c', script, granted], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(async () => {
      const gone = once(other, 'exit');
      other.kill('SIGKILL');
      await gone;
    });
    await once(other.stdout, 'data');
    fs.rmSync(`${granted}/a`, { recursive: true });
    fs.symlinkSync(`/proc/${other.pid}/root${granted}/a`, `${granted}/a`);
    expect(fs.readFileSync(`${granted}/a/file`, 'utf8')).toBe('theirs\n');
    expect(() => createPathOpener('descriptor')(`${granted}/a/file`)).toThrow('in a circle');
  },
);
