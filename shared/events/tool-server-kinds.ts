import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { plural } from '../plural.ts';
import { brief, eventKind } from './kind.ts';

const server = z.string().max(32);
const tool = z.string().max(200);
const session = idSchema('session')
  .nullable()
  .describe('whose name its rights have; null: it runs elsewhere');

/** Servers of tools that others wrote. */
export const toolServerKinds = {
  'tool_server.declared': eventKind({
    data: () => z.strictObject({ server, at: z.string().max(4096) }),
    sentence: (d) => `declared the server of tools ${d.server}: ${brief(d.at, 80)}`,
  }),
  'tool_server.removed': eventKind({
    data: () => z.strictObject({ server }),
    sentence: (d) => `removed the server of tools ${d.server}`,
  }),
  /** From here on the tool may be used as it is told here, and not otherwise. */
  'tool_server.accepted': eventKind({
    data: () =>
      z.strictObject({
        server,
        tool,
        digest: z.string().max(100),
        told: z.string().max(200_000).describe('what it tells of itself, as JSON'),
      }),
    sentence: (d) => `accepted ${d.tool} of the server ${d.server} as it is`,
  }),
  'tool_server.changed': eventKind({
    data: () => z.strictObject({ server, tool, digest: z.string().max(100), accepted: z.string().max(100) }),
    sentence: (d) => `found ${d.tool} of the server ${d.server} changed: it waits to be looked at`,
    tone: 'waits',
  }),
  'tool_server.starting': eventKind({
    data: () => z.strictObject({ server, session, at: z.string().max(4096) }),
    sentence: (d) => `starts the server of tools ${d.server}`,
  }),
  'tool_server.ready': eventKind({
    data: () =>
      z.strictObject({
        server,
        session,
        version: z.string().max(500).nullable(),
        protocol: z.string().max(100).nullable(),
        tools: z.int().min(0),
      }),
    sentence: (d) => `reached the server of tools ${d.server}, which has ${plural(d.tools, 'tool')}`,
  }),
  'tool_server.ended': eventKind({
    data: () => z.strictObject({ server, session, reason: z.string().max(2000) }),
    sentence: (d) => `ended the server of tools ${d.server}: ${brief(d.reason)}`,
  }),
  'tool_server.signed_in': eventKind({
    data: () => z.strictObject({ server }),
    sentence: (d) => `signed in at the server of tools ${d.server}`,
  }),
  'tool_server.signed_out': eventKind({
    data: () => z.strictObject({ server }),
    sentence: (d) => `forgot the sign-in at the server of tools ${d.server}`,
  }),
  /** It asked for something that no server is given. */
  'tool_server.refused': eventKind({
    data: () => z.strictObject({ server, asked: z.string().max(200) }),
    sentence: (d) => `refused ${brief(d.asked, 80)} to the server of tools ${d.server}`,
    tone: 'refused',
  }),
};
