import type { Command } from 'commander';
import { plural } from '../../../shared/plural.ts';
import type { DiskRecord } from '../../../shared/session-record.ts';
import { insistOn } from '../ask.ts';
import { aligned, harmless, moment } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';
import { readCount } from '../values.ts';

interface PruneOptions extends Common {
  olderThan?: string;
  beyond?: string;
  dryRun?: true;
  yes?: true;
}

const row = ({ session, agent, state, outcome, started, bytes }: DiskRecord) => [
  session,
  harmless(agent),
  state,
  harmless(outcome ?? '–'),
  moment(started),
  `${bytes.toLocaleString('en')} bytes`,
];

/** Records of sessions, as they lie on the disk. */
export function addDiskRecordVerbs(program: Command): void {
  const records = program
    .command('records')
    .helpCommand(false)
    .summary('See and prune the records of sessions on the disk')
    .description('See and prune the records of sessions on the disk. `holdfast verify FOLDER` proves one.');

  verb(records, 'list [agent]', 'Say which there are', 'holdfast records list').action(
    async (agent: string | undefined, options: Common) => {
      const { client, out } = openSession(options);
      const found = await client.records.list({ agent: agent ?? null });
      out.result(found, () =>
        found.records.length === 0
          ? [`There is no record in ${harmless(found.root)}.`]
          : [...aligned(found.records.map(row)), ...(found.more > 0 ? [`and ${found.more} older ones`] : [])],
      );
    },
  );

  verb(
    records,
    'show <session>',
    'Say what a record holds',
    'holdfast records show ses_01m7xman3hg7fxrmwe79rzh4r2',
  ).action(async (session: string, options: Common) => {
    const { client, out } = openSession(options);
    const found = await client.records.get({ session });
    out.result(found, () => [
      `${found.session}: ${harmless(found.agent)} on ${harmless(found.repository)}, ${found.state}`,
      harmless(found.folder),
      '',
      ...aligned(found.files.map(({ path, kind, bytes }) => [harmless(path), kind, `${bytes}`])),
    ]);
  });

  verb(
    records,
    'prune',
    'Remove records that are older or more than what is kept',
    'holdfast records prune --older-than 90 --dry-run',
  )
    .option('--older-than <days>', 'those that ended before (default: as records.keepDays says)')
    .option('--beyond <bytes>', 'the oldest, until no more are left (default: as records.keepBytes says)')
    .option('--dry-run', 'only say which would go')
    .option('--yes', 'do not ask')
    .action(async (options: PruneOptions) => {
      const { client, out } = openSession(options);
      const asked = {
        olderThanDays:
          options.olderThan === undefined ? null : readCount('--older-than', options.olderThan, 0, 36_500),
        beyondBytes:
          options.beyond === undefined
            ? null
            : readCount('--beyond', options.beyond, 0, Number.MAX_SAFE_INTEGER),
      };
      const would = await client.records.prune({ ...asked, dryRun: true });
      const isDry = options.dryRun === true || would.records.length === 0;
      if (!isDry && !options.json) for (const line of aligned(would.records.map(row))) out.say(line);
      if (!isDry) await insistOn(`Remove ${plural(would.records.length, 'record')}?`, options.yes);
      const done = isDry ? would : await client.records.prune({ ...asked, dryRun: false });
      const word = isDry ? 'would go' : 'removed';
      out.result(done, () => [
        ...(isDry ? aligned(done.records.map(row)) : []),
        `${plural(done.records.length, 'record')} ${word}, ${done.bytes.toLocaleString('en')} bytes`,
      ]);
    });
}
