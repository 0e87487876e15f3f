import type { AgentCommand } from '../../../shared/command-agent.ts';
import type { Preset } from '../presets/preset-schema.ts';
import { joinedVariables } from './joined-variables.ts';

/** What a program is given so that it finds models and Holdfast itself. */
export interface GivenByPreset {
  readonly options: readonly string[];
  /** A token is among them. */
  readonly variables: Readonly<Record<string, string>>;
}

const nothing: GivenByPreset = { options: [], variables: {} };

/** For what its file declares, and for nothing else: without `gateway` no models, without `mcp` no Holdfast. */
export function givenByPreset(
  { gateway, mcp, environment }: Pick<AgentCommand, 'gateway' | 'mcp' | 'environment'>,
  preset: Preset,
  place: { readonly url: string; readonly token: string } | null,
): GivenByPreset {
  if (place === null) return nothing;
  const models = gateway ? toModels(preset, gateway.model, place) : nothing;
  const house = mcp ? toHoldfast(preset, place) : nothing;
  return {
    options: [...models.options, ...house.options],
    variables: joinedVariables(environment, models.variables, house.variables),
  };
}

interface Place {
  readonly url: string;
  readonly token: string;
}

function toModels({ gateway: by }: Preset, model: string | null, { url, token }: Place): GivenByPreset {
  if (!by) return nothing;
  const filled = filler({ gateway: url, token, model: model ?? '' });
  const options = [...by.arguments, ...(model === null ? [] : by.model)].map(filled);
  return { options, variables: eachOf(by.environment, filled) };
}

function toHoldfast({ mcp: by }: Preset, { url, token }: Place): GivenByPreset {
  const address = mcpAddress(url);
  const told = { HOLDFAST_MCP_URL: address, HOLDFAST_MCP_TOKEN: token };
  if (!by) return { ...nothing, variables: told };
  const filled = filler({ mcp: address });
  return {
    options: by.arguments.map(filled),
    variables: { ...eachOf(by.environment, filled), ...told },
  };
}

export const mcpAddress = (url: string) => `${url}/mcp`;

/** Puts each value in the place of its mark. */
export const filler = (values: Readonly<Record<string, string>>) => (text: string) =>
  text.replaceAll(/\{(\w+)\}/g, (mark, key: string) => values[key] ?? mark);

const eachOf = (variables: Readonly<Record<string, string>>, filled: (text: string) => string) =>
  Object.fromEntries(Object.entries(variables).map(([key, text]) => [key, filled(text)]));
