import { z } from 'zod';
import { found } from './results.ts';
import { tool } from './tool.ts';
import { withinHoldfast } from './within-holdfast.ts';

export const echo = tool({
  name: 'echo',
  title: 'Say it back',
  description: 'Returns what it is given. Useful to try out whether tools can be called at all.',
  input: z.looseObject({}),
  ...withinHoldfast,
  parallel: true,
  preview: (input) => JSON.stringify(input).slice(0, 200),
  run: (input) => Promise.resolve(found(input)),
});
