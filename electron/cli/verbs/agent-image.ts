import { Argument, type Command } from 'commander';
import { type PresetName, presetNames } from '../../../shared/command-agent.ts';
import { Problem } from '../../../shared/problem.ts';
import { harmless } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';

interface ImageOptions extends Common {
  packageVersion?: string;
  over?: string;
}

export function addImageVerb(agents: Command): void {
  verb(
    agents,
    'image',
    'Make an image with a known agent in it, for the sandbox “container”',
    'holdfast agents image claude-code',
  )
    .addArgument(new Argument('<preset>', 'which one').choices(presetNames))
    .option('--package-version <version>', 'this version of its package, not the newest')
    .option('--over <image>', 'lay it over this image, which has node and npm')
    .action(async (preset: PresetName, options: ImageOptions) => {
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
