import { z } from 'zod';
import { found } from './results.ts';
import { tool } from './tool.ts';

export const echo = tool({
  name: 'echo',
  title: 'Say it back',
  description: 'Returns what it is given. Useful to try out whether tools can be called at all.',
  input: z.looseObject({}),
  needs: null,
  repeatable: true,
  parallel: true,
  surface: 'none',
  action: false,
  intends: () => [],
  preview: (input) => JSON.stringify(input).slice(0, 200),
  run: (input) => Promise.resolve(found(input)),
});
