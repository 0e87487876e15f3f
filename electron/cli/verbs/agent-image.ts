import { Argument, type Command } from 'commander';
import { type PresetName, presetNames } from '../../../shared/command-agent.ts';
import { plural } from '../../../shared/plural.ts';
import type { PresetImage } from '../../../shared/preset-image.ts';
import { Problem } from '../../../shared/problem.ts';
import { insistOn } from '../ask.ts';
import { aligned, harmless, moment } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';

interface ImageOptions extends Common {
  packageVersion?: string;
  over?: string;
  list?: true;
  prune?: true;
  dryRun?: true;
  yes?: true;
}

const row = ({ digest, preset, package: name, version, bytes, made }: PresetImage) => [
  digest.slice(0, 19),
  preset,
  harmless(`${name} ${version}`),
  moment(made),
  `${bytes.toLocaleString('en')} bytes`,
];

export function addImageVerb(agents: Command): void {
  verb(
    agents,
    'image',
    'Make an image with a known agent in it, for the sandbox “container”; list those made, and remove older ones',
    'holdfast agents image claude-code',
  )
    .addArgument(
      new Argument('[preset]', 'which one; to list and to remove: of this one alone').choices(presetNames),
    )
    .option('--package-version <version>', 'this version of its package, not the newest')
    .option('--over <image>', 'lay it over this image, which has node and npm')
    .option('--list', 'say which there are, and what uses them')
    .option('--prune', 'remove those that are older than the newest and used by nothing')
    .option('--dry-run', 'with --prune, only say which would go')
    .option('--yes', 'with --prune, do not ask')
    .action(async (preset: PresetName | undefined, options: ImageOptions) => {
      refuseMixed(options);
      if (options.list) return listImages(preset ?? null, options);
      if (options.prune) return pruneImages(preset ?? null, options);
      if (preset === undefined) {
        const mend = `Name one of ${presetNames.join(', ')}; or ask for --list or --prune.`;
        throw new Problem('invalid_input', 'It is not said which image is to be made.', mend);
      }
      const { client, out } = openSession(options);
      const { packageVersion: version = null, over = null } = options;
      for await (const each of await client.agents.makeImage({ preset, version, over })) {
        if (each.state === 'working') {
          if (!out.json) process.stderr.write(`${harmless(each.words)}\n`);
          continue;
        }
        const { image } = each;
        return out.result(image, () => [
          `Made ${image.digest}, with ${harmless(image.package)} ${harmless(image.version)}.`,
        ]);
      }
      throw new Problem('unavailable', 'It ended without a word.', 'Try again.');
    });
}

function refuseMixed({ list, prune, dryRun, yes, packageVersion, over }: ImageOptions): void {
  const makes = packageVersion !== undefined || over !== undefined;
  const deeds = [list, prune, makes].filter(Boolean).length;
  const loose = (dryRun ?? yes) === true && !prune;
  if (deeds <= 1 && !loose) return;
  throw new Problem(
    'invalid_input',
    loose ? '--dry-run and --yes go with --prune.' : 'An image is made, or images are listed or removed.',
    'Ask for one of them at a time.',
  );
}

async function listImages(preset: PresetName | null, options: ImageOptions): Promise<void> {
  const { client, out } = openSession(options);
  const kept = await client.agents.images({ preset });
  out.result(kept, () =>
    kept.length === 0
      ? ['No image is made here yet.']
      : aligned(
          kept.map((image) => [
            ...row(image),
            [image.newest ? 'the newest' : 'older', ...image.usedBy].map(harmless).join(', '),
          ]),
        ),
  );
}

async function pruneImages(preset: PresetName | null, options: ImageOptions): Promise<void> {
  const { client, out } = openSession(options);
  const would = await client.agents.pruneImages({ preset, dryRun: true });
  const isDry = options.dryRun === true || would.removed.length === 0;
  if (!isDry && !options.json) for (const line of aligned(would.removed.map(row))) out.say(line);
  if (!isDry) await insistOn(`Remove ${plural(would.removed.length, 'image')}?`, options.yes);
  const done = options.dryRun === true ? would : await client.agents.pruneImages({ preset });
  out.result(done, () => [
    ...(isDry ? aligned(done.removed.map(row)) : []),
    ...done.kept.map(({ image, why }) => `${image.digest.slice(0, 19)} stays: ${harmless(why)}.`),
    `${plural(done.removed.length, 'image')} ${options.dryRun ? 'would go' : 'removed'}`,
  ]);
}
