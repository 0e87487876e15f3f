import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Common, openSession, verb } from '../session.ts';

export function addBackupVerbs(program: Command): void {
  verb(
    program,
    'backup <file>',
    'Write a copy of the record that can be restored',
    'holdfast backup /mnt/usb/holdfast.backup',
  ).action(async (file: string, options: Common) => {
    const { client, out } = openSession(options);
    for await (const { progress, result } of await client.house.backup({ path: resolve(file) })) {
      if (progress) out.progress(progress);
      if (!result) continue;
      out.progressEnd();
      out.result(result, () => [`${result.path}: ${result.size} events, ${result.bytes} bytes`]);
    }
  });
}
