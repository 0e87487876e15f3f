import type { Command } from 'commander';
import type {
  FoundModels,
  ModelProvider,
  ModelState,
  ProviderTrial,
} from '../../../shared/contract/models.ts';
import { aligned, harmless, tinted } from '../output.ts';
import { type Common, openSession, verb } from '../session.ts';

export function addModelVerbs(program: Command): void {
  verb(program, 'models', 'Say which models there are, and what they cost', 'holdfast models --look')
    .option('--look', 'also look for keys in the environment and for servers on this machine')
    .option('--provider <name>', 'ask this provider for the models that it has')
    .action(async (options: Common & { look?: true; provider?: string }) => {
      const { client, out } = openSession(options);
      if (options.provider !== undefined) {
        const trial = await client.models.try({ provider: options.provider });
        out.result(trial, () => trialLines(trial));
        if (!trial.ok) process.exitCode = 6;
        return;
      }
      const state = await client.models.list();
      const found = options.look ? await client.models.find() : null;
      out.result(found ? { ...state, found } : state, () => [
        ...stateLines(state),
        ...(found ? ['', ...foundLines(found)] : []),
      ]);
    });
}

function stateLines(state: ModelState): string[] {
  const shown = state.providers.filter(({ usable }) => usable);
  const rest = state.providers.filter(({ usable }) => !usable);
  return [
    state.default === null
      ? 'No default model is chosen: `holdfast configure` does that.'
      : `The default model is ${harmless(state.default)}.`,
    ...shown.flatMap((provider) => ['', ...providerLines(provider, state.default)]),
    '',
    ...(rest.length > 0 ? [`Not set up: ${rest.map(({ name }) => harmless(name)).join(', ')}.`] : []),
    ...(state.asOf === null
      ? []
      : [tinted('quiet', `Prices are of ${state.asOf}, in dollars per million tokens.`)]),
    ...state.problems.map((problem) => tinted('warning', harmless(problem))),
  ];
}

function providerLines(provider: ModelProvider, chosen: string | null): string[] {
  const key = provider.secret === null ? 'no key' : `key ${provider.secret}`;
  const rows = provider.models.map((model) => [
    `  ${harmless(model.ref)}${model.ref === chosen ? ' *' : ''}`,
    `${Math.round(model.contextTokens / 1000).toLocaleString('en')}k`,
    model.price ? `$${model.price.input} in, $${model.price.output} out` : 'price unknown',
  ]);
  return [
    tinted('strong', harmless(`${provider.title}, ${provider.baseUrl}, ${key}`)),
    ...(rows.length > 0
      ? aligned(rows)
      : [`  \`holdfast models --provider ${provider.name}\` asks it for its models.`]),
  ];
}

export function foundLines({ keys, servers }: FoundModels): string[] {
  const lines = [
    ...keys.map(({ provider, variable, stored }) =>
      stored
        ? `${variable} is in the environment; a key for ${provider} is kept already.`
        : `${variable} is in the environment: \`holdfast configure --provider ${provider} --key-from-env ${variable}\` keeps it.`,
    ),
    ...servers.map(({ provider, baseUrl, models }) =>
      harmless(
        `${provider} answers at ${baseUrl} and has ${models.length > 0 ? models.join(', ') : 'no model yet'}.`,
      ),
    ),
  ];
  return lines.length > 0
    ? lines
    : ['No key is in the environment, and no server of models is on this machine.'];
}

export function trialLines({ provider, ok, models, problem }: ProviderTrial): string[] {
  if (!ok) {
    return [
      tinted('bad', harmless(problem?.message ?? 'It does not work.')),
      ...(problem?.mend ? [tinted('quiet', `  → ${harmless(problem.mend)}`)] : []),
    ];
  }
  const some = models.slice(0, 40).map((model) => `  ${harmless(`${provider}/${model}`)}`);
  const more = models.length > some.length ? [`  and ${models.length - some.length} more`] : [];
  return [tinted('good', `The connection to ${harmless(provider)} works.`), ...some, ...more];
}
