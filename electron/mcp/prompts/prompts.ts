import {
  type GetPromptResult,
  type ListPromptsResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';
import type { Parameter } from '../../../shared/plan.ts';
import type { HouseBehind } from '../reaching/house.ts';

/** One prompt for each recipe: its parameters are the arguments, and what comes out hands it over. */
export class Prompts {
  readonly #house: HouseBehind;

  constructor(house: HouseBehind) {
    this.#house = house;
  }

  async list(): Promise<ListPromptsResult> {
    const recipes = await this.#recipes();
    return {
      prompts: recipes.map(({ name, title, description, parameters }) => ({
        name,
        title,
        description,
        arguments: Object.entries(parameters).map(([argument, parameter]) => ({
          name: argument,
          description: wordsOf(parameter),
          required: parameter.required,
        })),
      })),
    };
  }

  async get(name: string, values: Readonly<Record<string, string>>): Promise<GetPromptResult> {
    const recipe = await this.#recipe(name);
    const missing = Object.entries(recipe.parameters)
      .filter(
        ([argument, { required, default: usual }]) => required && usual === undefined && !values[argument],
      )
      .map(([argument]) => argument);
    if (missing.length > 0) throw wrong(`These have no value: ${missing.join(', ')}.`);
    const typed = Object.fromEntries(
      Object.entries(recipe.parameters)
        .filter(([argument]) => values[argument] !== undefined)
        .map(([argument, parameter]) => [argument, valueOf(parameter, values[argument] ?? '')]),
    );
    const input = JSON.stringify({ recipe: { name, values: typed }, wait: true });
    const text = `Call the tool submit_goal of Holdfast with this input, and tell me its result:\n\n${input}`;
    return { description: recipe.description, messages: [{ role: 'user', content: { type: 'text', text } }] };
  }

  async complete(name: string, argument: string, beginning: string): Promise<string[]> {
    const parameter = (await this.#recipe(name)).parameters[argument];
    const choices = parameter?.type === 'boolean' ? ['true', 'false'] : (parameter?.choices ?? []);
    return choices.filter((choice) => choice.startsWith(beginning));
  }

  async #recipes() {
    const planning = await this.#house.rooms.planning();
    return (await planning.recipes.list()).flatMap(({ recipe, problems }) =>
      recipe && problems.length === 0 ? [recipe] : [],
    );
  }

  async #recipe(name: string) {
    const recipe = (await this.#recipes()).find((each) => each.name === name);
    if (recipe) return recipe;
    throw wrong(`There is no recipe “${name.slice(0, 64)}”.`);
  }
}

const wrong = (words: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, words);

function wordsOf({ description, type, choices, example }: Parameter): string {
  const form = choices ? `one of ${choices.join(', ')}` : type === 'string_list' ? 'one in each line' : '';
  return [description, form, example === undefined ? '' : `such as ${example}`].filter(Boolean).join('; ');
}

/** Arguments of prompts are texts, whatever the parameter is. */
function valueOf({ type }: Parameter, text: string): unknown {
  if (type === 'number') return Number(text);
  if (type === 'boolean') return text === 'true';
  if (type === 'string_list') return text.split('\n').filter((line) => line.trim() !== '');
  return text;
}
