import type { DataOf, Projection } from '../audit/projection.ts';

const accepted = 'tool_acceptances';
const lives = 'tool_server_lives';

/** What a person has accepted of each server’s tools, and which servers are at work under rights of their own. */
export const toolServerRows: Projection = {
  name: 'tool-servers',
  kinds: ['tool_server.accepted', 'tool_server.removed', 'tool_server.starting', 'tool_server.ended'],
  tables: {
    [accepted]:
      'server TEXT NOT NULL, tool TEXT NOT NULL, digest TEXT NOT NULL, told TEXT NOT NULL, PRIMARY KEY (server, tool)',
    [lives]: 'session TEXT NOT NULL, server TEXT NOT NULL, PRIMARY KEY (session)',
  },
  rows(event) {
    switch (event.kind) {
      case 'tool_server.accepted': {
        const { server, tool, digest, told } = event.data as DataOf<'tool_server.accepted'>;
        return [{ op: 'put', table: accepted, row: { server, tool, digest, told } }];
      }
      case 'tool_server.removed': {
        const { server } = event.data as DataOf<'tool_server.removed'>;
        return [{ op: 'drop', table: accepted, key: { server } }];
      }
      case 'tool_server.starting': {
        const { server, session } = event.data as DataOf<'tool_server.starting'>;
        return session === null ? [] : [{ op: 'put', table: lives, row: { session, server } }];
      }
      default: {
        const { session } = event.data as DataOf<'tool_server.ended'>;
        return session === null ? [] : [{ op: 'drop', table: lives, key: { session } }];
      }
    }
  },
};

export const acceptedTools = `SELECT server, tool, digest, told FROM ${accepted} ORDER BY server, tool`;
export const acceptedOfServer = `SELECT tool, digest, told FROM ${accepted} WHERE server = ? ORDER BY tool`;
export const serverLives = `SELECT session, server FROM ${lives} ORDER BY session`;
