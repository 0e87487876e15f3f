import type { Command } from 'commander';
import type { ModelState } from '../../../shared/contract/models.ts';
import { Problem } from '../../../shared/problem.ts';
import { askLine, onTerminal, readHidden } from '../ask.ts';
import type { Client } from '../client.ts';
import { harmless, type Output } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';
import { configureSearch } from './configure-search.ts';
import { foundLines, trialLines } from './models.ts';

interface ConfigureOptions extends Common {
  provider?: string;
  search?: string;
  baseUrl?: string;
  wire?: string;
  model?: string;
  keyFromEnv?: string;
  key?: false;
  test?: false;
}

export function addConfigureVerb(program: Command): void {
  verb(
    program,
    'configure',
    'Set up a provider of models (its address, its key, the default model), or what agents search the web with',
    'holdfast configure --provider anthropic --key-from-env ANTHROPIC_API_KEY --model claude-sonnet-5-5',
  )
    .option('--provider <name>', 'a known one, or a name for one of your own')
    .option('--search <engine>', 'instead, what agents search the web with: searxng, brave or none')
    .option('--base-url <url>', 'where it listens')
    .option('--wire <form>', 'how it speaks: messages or chat')
    .option('--model <name>', 'the default model, for agents that name none')
    .option('--key-from-env <variable>', 'take the key from this variable')
    .option('--no-key', 'it wants no key')
    .option('--no-test', 'do not test the connection')
    .action(async (options: ConfigureOptions) => {
      const { client, out } = openSession(options);
      if (options.search !== undefined) return configureSearch(client, out, options);
      const before = await client.models.list();
      const provider = options.provider ?? (await chosenProvider(client, out, before));
      const key = await keyFor(provider, options, before);
      const state = await client.models.configure({
        provider,
        ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }),
        ...(options.wire === undefined ? {} : { wire: wireOf(options.wire) }),
        ...(options.model === undefined ? {} : { model: options.model }),
        ...(key === undefined ? {} : { key }),
        ...(options.key === false ? { secret: null } : {}),
      });
      const trial = options.test === false ? null : await client.models.try({ provider });
      const chosen = state.default ?? (await chosenModel(client, out, provider, trial?.models ?? []));
      const result = { provider, default: chosen, trial };
      out.result(result, () => [
        ...(trial ? trialLines({ ...trial, models: trial.models.slice(0, 10) }) : [`${provider} is set up.`]),
        chosen === null
          ? `Choose the default model with \`holdfast configure --provider ${provider} --model NAME\`.`
          : `The default model is ${harmless(chosen)}.`,
      ]);
      if (trial && !trial.ok) process.exitCode = 6;
    });
}

function wireOf(text: string): 'messages' | 'chat' {
  if (text === 'messages' || text === 'chat') return text;
  throw new Problem(
    'invalid_input',
    `“${text}” is no way of speaking with models.`,
    'There are messages and chat.',
  );
}

async function chosenProvider(client: Client, out: Output, { providers }: ModelState): Promise<string> {
  const found = await client.models.find();
  const names = providers.map(({ name }) => name).join(', ');
  if (!onTerminal()) {
    throw new Problem(
      'invalid_input',
      'Which provider is to be set up?',
      `Name it with --provider: ${names}, or one of your own with --base-url. ${foundLines(found).join(' ')}`,
    );
  }
  for (const line of foundLines(found)) out.say(line);
  const suggested = found.servers[0]?.provider ?? found.keys.find(({ stored }) => !stored)?.provider;
  const typed = await askLine(`Provider (${names})${suggested === undefined ? '' : ` [${suggested}]`}: `);
  const name = typed === '' ? suggested : typed;
  if (name !== undefined) return name;
  throw new Problem('cancelled', 'Nothing was done.');
}

/** The key to keep, where one is to be kept; undefined leaves it as it is. */
async function keyFor(
  provider: string,
  { keyFromEnv, key, baseUrl, wire, model }: ConfigureOptions,
  { providers }: ModelState,
): Promise<string | undefined> {
  if (key === false) return undefined;
  if (keyFromEnv !== undefined) {
    const value = process.env[keyFromEnv];
    if (value) return value;
    throw new Problem('invalid_input', `${keyFromEnv} is not in the environment, or empty.`);
  }
  const known = providers.find(({ name }) => name === provider);
  // Whoever names nothing else comes for the key: the one that is kept may be the wrong one.
  const again = baseUrl === undefined && wire === undefined && model === undefined && onTerminal();
  const wanted = known
    ? known.secret !== null && (!known.keyed || again)
    : baseUrl !== undefined && onTerminal();
  if (!wanted) return undefined;
  if (!onTerminal()) {
    throw new Problem(
      'invalid_input',
      `${known?.title ?? provider} wants a key, and there is nobody to ask.`,
      'Name the variable that holds it with --key-from-env.',
    );
  }
  const empty = known?.keyed ? 'empty keeps the one that is kept' : 'empty for none';
  const typed = await readHidden(`Key of ${known?.title ?? provider} (not shown; ${empty}): `);
  return typed === '' ? undefined : typed;
}

async function chosenModel(
  client: Client,
  out: Output,
  provider: string,
  models: readonly string[],
): Promise<string | null> {
  if (!onTerminal() || out.json || models.length === 0) return null;
  const some = models.slice(0, 10).map(harmless).join(', ');
  const left = `${provider} is set up, and no default model was chosen.`;
  const model = await askLine(`Default model (${some}): `, left);
  return model === '' ? null : (await client.models.configure({ provider, model })).default;
}
