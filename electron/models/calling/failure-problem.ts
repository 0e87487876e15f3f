import { Problem } from '../../../shared/problem.ts';
import type { Provider } from '../providers.ts';
import type { FailureKind, ModelFailure } from '../wires/model-failure.ts';

/** A failure that is left, as a person meets it: what happened, and what can be done about it. */
export function problemOf(
  failure: ModelFailure,
  {
    provider,
    model,
    listed,
    attempts,
  }: { provider: Provider; model: string; listed: readonly string[]; attempts: number },
): Problem {
  const { title, name, secret } = provider;
  const said = failure.message.trim().replace(/\.?$/, '.');
  const tried = attempts > 1 ? ` It was tried ${attempts} times.` : '';
  const refused = (sentence: string, mend: string) =>
    new Problem('model_refused', sentence, mend, { cause: failure });
  const failed = (sentence: string, mend: string) =>
    new Problem('model_failed', `${sentence}${tried}`, mend, { cause: failure });
  const later = 'Try again later, or give the agent `fallback` models.';
  const words: Readonly<Record<FailureKind, () => Problem>> = {
    bad_key: () =>
      refused(
        secret === null
          ? `${title} wants a key: ${said}`
          : `${title} does not take the key kept as ${secret}: ${said}`,
        `Store the right one with \`holdfast configure --provider ${name}\`; it is used from the next call on.`,
      ),
    forbidden: () =>
      refused(`${title} refuses this: ${said}`, `Look what the account of ${secret ?? name} may do.`),
    unpaid: () => refused(`${title} wants money: ${said}`, `Look at the account of ${secret ?? name} there.`),
    unknown_model: () =>
      refused(
        `${title} has no model “${model}”: ${said}`,
        listed.length > 0
          ? `Known are ${listed.join(', ')}.`
          : `\`holdfast models --provider ${name}\` asks for those it has.`,
      ),
    bad_request: () =>
      refused(`${title} does not take this: ${said}`, 'Look at what the agent sends, or take another model.'),
    too_long: () =>
      new Problem(
        'too_large',
        `This is too long for ${name}/${model}: ${said}`,
        'Make it shorter, or take a model with a larger context.',
        {
          cause: failure,
        },
      ),
    rate_limited: () => failed(`${title} asks for patience: ${said}`, later),
    overloaded: () => failed(`${title} has too much to do: ${said}`, later),
    broken: () => failed(`${title} failed: ${said}`, later),
    unreachable: () =>
      failed(
        `${title} cannot be reached at ${provider.baseUrl}: ${said}`,
        provider.known?.start ??
          (provider.local ? 'Start it.' : 'Look whether this machine has a connection.'),
      ),
    slow: () => failed(`${title} took too long: ${said}`, later),
    endless: () =>
      failed(
        `${title} does not come to an end: ${said}`,
        `Ask for less at once, or give it longer: patience.total of the provider ${name} in models.yaml.`,
      ),
    cut: () => failed(`The connection to ${title} broke: ${said}`, later),
    malformed: () => failed(`What ${title} sent cannot be understood: ${said}`, later),
  };
  return words[failure.kind]();
}
