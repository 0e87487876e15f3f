/** Turns one name again and again from a folder into a link that leads out, and back; renames and deletes beside it. */
import fs from 'node:fs';
import { join } from 'node:path';

const [granted, secret] = process.argv.slice(2) as [string, string];
const attempt = (change: () => void) => {
  try {
    change();
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown)) throw thrown;
  }
};
fs.symlinkSync(secret, join(granted, 'to-secret'));
fs.mkdirSync(join(granted, 'aside'));
process.send!('ready');
process.on('disconnect', () => process.exit(0));

function swap(): void {
  for (let i = 0; i < 200; i++) {
    attempt(() => fs.renameSync(join(granted, 'a'), join(granted, 'aside/a')));
    attempt(() => fs.renameSync(join(granted, 'to-secret'), join(granted, 'a')));
    attempt(() => fs.renameSync(join(granted, 'a'), join(granted, 'to-secret')));
    attempt(() => fs.renameSync(join(granted, 'aside/a'), join(granted, 'a')));
    attempt(() => fs.renameSync(join(secret, 'b'), join(granted, 'b')));
    attempt(() => fs.renameSync(join(granted, 'b'), join(secret, 'b')));
    attempt(() => fs.symlinkSync(join(secret, 'file'), join(granted, 'late')));
    attempt(() => fs.unlinkSync(join(granted, 'late')));
  }
  setImmediate(swap);
}
swap();
