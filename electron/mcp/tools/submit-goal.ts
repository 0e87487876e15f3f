import { z } from 'zod';
import { paramsSchema, planSchema } from '../../../shared/plan.ts';
import { Problem } from '../../../shared/problem.ts';
import { recipeNameSchema } from '../../../shared/recipe.ts';
import type { Run } from '../../../shared/run.ts';
import { type ToolCall, tool } from '../calling/tool.ts';
import { runAnswerSchema } from './run-answer.ts';
import { startAndWait, startFields, startRun, waitFields } from './start-run.ts';

const inputSchema = z.strictObject({
  goal: z.string().trim().min(1).max(20_000).optional().describe('What is to be reached, in words'),
  role: z.string().min(1).max(64).optional().describe('With a goal: one agent of this role does all of it'),
  recipe: z
    .strictObject({ name: recipeNameSchema, values: paramsSchema.default({}) })
    .optional()
    .describe('Instead of a goal: a saved plan, with the values of its parameters'),
  plan: planSchema.optional().describe('Instead of a goal: a plan'),
  ...startFields,
  wait: z.boolean().default(false).describe('Whether to answer only when it is over'),
  ...waitFields,
});
type Input = z.output<typeof inputSchema>;

export const submitGoal = tool({
  name: 'submit_goal',
  title: 'Hand over a goal',
  description:
    'Hands Holdfast a goal, a recipe or a plan. It is carried out by agents in sandboxes on this machine, within the folders, hosts and budget that are named, and on the record. Answers at once with the id of the run, or waits for its end. A run may wait for a person: then the answer says so.',
  input: inputSchema,
  output: runAnswerSchema,
  outside: true,
  does: (input, call) => startAndWait(() => begin(input, call), input, call),
});

async function begin(input: Input, call: ToolCall): Promise<Run> {
  const { goal, role, recipe, plan } = input;
  if ([goal, recipe, plan].filter((each) => each !== undefined).length !== 1)
    throw new Problem('invalid_input', 'Give one of goal, recipe and plan.');
  if (recipe) return ofRecipe(recipe, input, call);
  if (plan) return startRun({ kind: 'plan', plan }, input, call);
  if (role === undefined) return startRun({ kind: 'goal', goal: goal!, mode: 'auto' }, input, call);
  const planning = await call.house.rooms.planning();
  return startRun({ kind: 'plan', plan: planning.directPlan(goal!, role) }, input, call);
}

/** What a recipe asks for is given where the caller has it, as if it had named it. */
async function ofRecipe(
  { name, values }: NonNullable<Input['recipe']>,
  input: Input,
  call: ToolCall,
): Promise<Run> {
  const planning = await call.house.rooms.planning();
  const filled = await planning.fill(name, values);
  const { asks } = filled;
  if (filled.problems.length > 0 || !asks)
    throw new Problem('invalid_input', filled.problems.map(({ message }) => message).join('\n'));
  const { needs } = await planning.recipes.get(name);
  if (asks.image !== needs.image)
    throw new Problem(
      'forbidden',
      'Which image it runs in is said by one of its values, and that is for the person to say.',
      'Start it in the window.',
    );
  const named = new Set(input.folders.map(({ path }) => path));
  const folders = [...input.folders, ...asks.folders.filter(({ path }) => !named.has(path))];
  const hosts = [...new Set([...input.hosts, ...asks.hosts])];
  const seconds = input.max_seconds ?? asks.seconds ?? undefined;
  const given = { ...input, folders, hosts, max_seconds: seconds };
  return startRun({ kind: 'recipe', recipe: name, params: values }, given, call, asks);
}
