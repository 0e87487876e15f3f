import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Progress } from '../../audit/record.ts';
import { insistOn } from '../ask.ts';
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

  verb(
    program,
    'restore <file>',
    'Put a backup in the place of the record; nothing may run on it',
    'holdfast restore /mnt/usb/holdfast.backup --yes',
  )
    .option('--yes', 'do not ask')
    .action(async (file: string, options: Common & { yes?: true }) => {
      const { out, paths } = openSession(options);
      await insistOn(
        `Put ${file} in the place of the record in ${paths.data}? What is there is moved aside.`,
        options.yes,
      );
      const { restoreInto } = await import('../restoring.ts');
      const control = new AbortController();
      // It cleans up behind itself, and does not stop between the old record and the new one.
      process.removeAllListeners('SIGINT').once('SIGINT', () => control.abort());
      const tell = (progress: Progress) => out.progress(progress);
      const restored = await restoreInto(paths, resolve(file), tell, control.signal);
      out.progressEnd();
      out.result(restored, () => [
        `Restored ${restored.size} events into ${paths.data}.`,
        ...(restored.aside === null ? [] : [`What was there is in ${restored.aside}.`]),
        'Its tokens are no longer in force, and checkpoints go nowhere else until you set it again.',
      ]);
    });
}
