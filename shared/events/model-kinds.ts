import { z } from 'zod';
import { eventKind } from './kind.ts';

/** Who serves models, and under which secret's name its key is kept. */
export const modelKinds = {
  'provider.configured': eventKind({
    data: () =>
      z.strictObject({
        provider: z.string(),
        wire: z.enum(['messages', 'chat']),
        baseUrl: z.string(),
        secret: z.string().nullable().describe('the name under which the key is kept; null: it wants none'),
      }),
    sentence: (d) => `set up ${d.provider} at ${d.baseUrl}`,
  }),
  'provider.removed': eventKind({
    data: () => z.strictObject({ provider: z.string() }),
    sentence: (d) => `took ${d.provider} out`,
  }),
};
