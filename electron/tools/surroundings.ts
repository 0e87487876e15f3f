import { z } from 'zod';
import { said } from './results.ts';
import { tool } from './tool.ts';
import { withinHoldfast } from './within-holdfast.ts';

export const surroundings = tool({
  name: 'surroundings',
  title: 'Look at what there is',
  description:
    'Says which tools, folders, hosts and rights this session has now, and how its sandbox is held.',
  input: z.strictObject({}),
  ...withinHoldfast,
  parallel: true,
  preview: () => '',
  run: async (_input, hands) => said(await hands.surroundings()),
});
