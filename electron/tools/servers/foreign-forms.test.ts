import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readForeign } from './foreign-forms.ts';

const read = (value: unknown) => {
  const { form, servers, problems } = readForeign(typeof value === 'string' ? value : JSON.stringify(value));
  return {
    form,
    problems,
    servers: servers.map((each) => ({ ...each, value: parse(each.text) as unknown })),
  };
};

test('the common form brings commands without the secrets that stand in it', () => {
  const { form, servers, problems } = read({
    mcpServers: {
      'Git Hub': {
        command: 'npx',
        args: ['-y', 'server-github'],
        env: { GITHUB_TOKEN: 'ghp_abcdef', LANG: 'C', OTHER: '${env:OTHER_VALUE}' },
      },
      web: { type: 'sse', url: 'https://example.org/sse', headers: { Authorization: 'Bearer abc' } },
      none: {},
    },
  });
  expect(form).toBe('mcpServers');
  expect(problems).toEqual(['none: It has neither a command nor an address.']);
  expect(servers.map(({ server }) => server)).toEqual(['git-hub', 'web']);
  expect(servers[0]!.value).toEqual({
    transport: {
      kind: 'stdio',
      command: ['npx', '-y', 'server-github'],
      environment: {
        GITHUB_TOKEN: { secret: 'GITHUB_TOKEN' },
        LANG: 'C',
        OTHER: { secret: 'OTHER_VALUE' },
      },
    },
  });
  expect(servers[1]!.value).toEqual({
    transport: {
      kind: 'sse',
      url: 'https://example.org/sse',
      headers: { Authorization: { secret: 'Authorization-header', prefix: 'Bearer ' } },
    },
  });
  const everything = JSON.stringify(servers);
  expect(everything).not.toContain('ghp_abcdef');
  expect(everything).not.toContain('Bearer abc');
  expect(everything).toContain('holdfast secrets set GITHUB_TOKEN');
});

test('aaOS’s mcp-servers.yaml is read', () => {
  const { form, servers, problems } = read(`
client:
  servers:
    - name: files
      transport: stdio
      command: [mcp-files, /data]
    - { name: remote, transport: http, url: 'http://127.0.0.1:9000/' }
server: { enabled: false }
`);
  expect({ form, problems }).toEqual({ form: 'mcp-servers.yaml', problems: [] });
  expect(servers.map(({ server, value }) => [server, value])).toEqual([
    ['files', { transport: { kind: 'stdio', command: ['mcp-files', '/data'] } }],
    ['remote', { transport: { kind: 'http', url: 'http://127.0.0.1:9000/mcp' } }],
  ]);
});

test('agent-runtime’s servers.json is read, with headers from secrets and its policy', () => {
  const { form, servers, problems } = read({
    servers: [
      {
        id: 'crm',
        enabled: false,
        transport: { type: 'streamable_http', endpoint: 'https://crm.example.org/mcp' },
        http: { headers: { Authorization: 'Bearer ${CRM_TOKEN}' }, timeout_seconds: 20 },
        policy: {
          default_requires_approval: true,
          tool_overrides: { find: { requires_approval: false }, drop: { enabled: false } },
        },
      },
    ],
  });
  expect({ form, problems }).toEqual({ form: 'servers.json', problems: [] });
  expect(servers[0]!.value).toEqual({
    enabled: false,
    transport: {
      kind: 'http',
      url: 'https://crm.example.org/mcp',
      headers: { Authorization: { secret: 'CRM_TOKEN', prefix: 'Bearer ' } },
    },
    timeoutSeconds: 20,
    usual: { level: 'ask' },
    tools: { find: { level: 'usual' }, drop: { level: 'deny' } },
  });
});

test.each([['{"other":1}'], ['[1,2'], ['just words']])('%s is no form that is known', (text) => {
  expect(() => readForeign(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
});
