import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';

/** What holds a folder, in words: how quickly files come and go there is part of every figure of theirs. */
export function whereItLies(folder: string): string {
  const { dev } = statSync(folder);
  const device = `${(dev >> 8) & 0xfff}:${(dev & 0xff) | ((dev >> 12) & 0xfff00)}`;
  const mount = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[2] === device);
  const kind = /^.* - (\S+) /.exec(mount ?? '')?.[1] ?? 'an unknown file system';
  return kind === 'ext4' ? `ext4 ${journalOf(device)}` : kind;
}

function journalOf(device: string): string {
  try {
    const name = basename(readlinkSync(`/sys/dev/block/${device}`));
    const has = readdirSync('/proc/fs/jbd2').some((each) => each === name || each.startsWith(`${name}-`));
    return has ? 'with a journal' : 'without a journal';
  } catch {
    return 'of which nobody says whether it has a journal';
  }
}
