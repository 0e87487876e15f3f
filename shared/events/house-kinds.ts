import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { mcpRightsSchema } from '../mcp.ts';
import { settingKeys } from '../settings.ts';
import { eventKind } from './kind.ts';

/** The program itself: its life, its settings, who may reach it. */
export const houseKinds = {
  'app.started': eventKind({
    data: () =>
      z.strictObject({
        version: z.string(),
        surface: z.enum(['desktop', 'daemon']),
        platform: z.string(),
        unclean: z.boolean().describe('true where the last life ended without saying so'),
      }),
    sentence: (d) =>
      `started ${d.version} as ${d.surface === 'desktop' ? 'the desktop app' : 'a daemon'}${d.unclean ? ' after an unclean end' : ''}`,
    tone: 'good',
  }),
  'app.stopped': eventKind({
    data: () => z.strictObject({ reason: z.string(), drained: z.boolean() }),
    sentence: (d) => `stopped: ${d.reason}${d.drained ? '' : ', at once'}`,
  }),
  'setting.changed': eventKind({
    data: () => z.strictObject({ key: z.enum(settingKeys), value: z.json() }),
    sentence: (d) => `set ${d.key} to ${JSON.stringify(d.value)}`,
  }),
  'token.created': eventKind({
    data: () =>
      z.strictObject({
        token: idSchema('token'),
        name: z.string(),
        caller: z.enum(['operator', 'agent', 'client']),
        digest: z.string().describe('SHA-256 of the token; the token itself is nowhere on the record'),
        procedures: z.array(z.string()).nullable().describe('null: whatever this kind of caller may call'),
        budget: z
          .strictObject({
            tokens: z.int().min(1).nullable(),
            micros: z.int().min(1).nullable().describe('millionths of a dollar'),
            periodSeconds: z.int().min(0).describe('0: never reset'),
          })
          .optional()
          .describe('of the models that it asks'),
        mcp: mcpRightsSchema.optional().describe('what it may do by MCP'),
        expires: z.iso.datetime().nullable(),
      }),
    sentence: (d) => `made the token “${d.name}”`,
  }),
  'token.revoked': eventKind({
    data: () => z.strictObject({ token: idSchema('token'), name: z.string() }),
    sentence: (d) => `revoked the token “${d.name}”`,
  }),
  'access.refused': eventKind({
    data: () =>
      z.strictObject({
        transport: z.enum(['http', 'websocket', 'socket', 'port', 'mcp']),
        reason: z.string(),
        count: z.int().min(1).describe('how many alike were refused since the last such event'),
      }),
    sentence: (d) =>
      `refused ${d.count === 1 ? 'a caller' : `${d.count} callers`} over ${d.transport}: ${d.reason}`,
    tone: 'refused',
  }),
  'browser.admitted': eventKind({
    data: () => z.strictObject({ token: idSchema('token') }),
    sentence: () => `let a browser in with a single-use ticket`,
  }),
  'secret.stored': eventKind({
    data: () => z.strictObject({ name: z.string() }),
    sentence: (d) => `stored the secret “${d.name}”`,
  }),
  'secret.removed': eventKind({
    data: () => z.strictObject({ name: z.string() }),
    sentence: (d) => `removed the secret “${d.name}”`,
  }),
};
