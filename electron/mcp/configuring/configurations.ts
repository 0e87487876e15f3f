import type { McpConfiguration } from '../../../shared/mcp.ts';

const variable = 'HOLDFAST_MCP_TOKEN';

const json = (value: unknown) => JSON.stringify(value, null, 2);

/** What each program takes so that it finds Holdfast. Without a token it is read from a variable where the program can. */
export function configurationsFor(url: string, token: string | null): McpConfiguration[] {
  const held = token ?? 'TOKEN';
  const bearer = (word: string) => ({ Authorization: `Bearer ${word}` });
  const http = (word: string) => ({ type: 'http', url, headers: bearer(word) });
  const bridge = {
    command: 'holdfast',
    args: ['mcp'],
    ...(token !== null && { env: { [variable]: token } }),
  };
  return [
    {
      program: 'claude-code',
      title: 'Claude Code',
      place: 'Run this in a terminal; the configuration is kept for you alone.',
      text: `claude mcp add --scope user --transport http holdfast ${url} --header "Authorization: Bearer ${token ?? `$${variable}`}"`,
    },
    {
      program: 'claude-desktop',
      title: 'Claude Desktop',
      place: 'claude_desktop_config.json (Settings, Developer, Edit Config)',
      text: json({ mcpServers: { holdfast: bridge } }),
    },
    {
      program: 'cursor',
      title: 'Cursor',
      place: '~/.cursor/mcp.json, or .cursor/mcp.json in a project',
      text: json({ mcpServers: { holdfast: { url, headers: bearer(token ?? `\${env:${variable}}`) } } }),
    },
    {
      program: 'vscode',
      title: 'VS Code',
      place: '.vscode/mcp.json, or “MCP: Open User Configuration”',
      text: json({
        ...(token === null && {
          inputs: [
            { type: 'promptString', id: 'holdfast', description: 'Token of Holdfast', password: true },
          ],
        }),
        servers: { holdfast: http(token ?? '${input:holdfast}') },
      }),
    },
    {
      program: 'codex',
      title: 'Codex',
      place: `~/.codex/config.toml; the token is read from the variable ${variable}`,
      text: [
        ...(token === null ? [] : [`# export ${variable}=${token}`]),
        '[mcp_servers.holdfast]',
        `url = "${url}"`,
        `bearer_token_env_var = "${variable}"`,
        '# Its token says what it may do. Without this, `codex exec` refuses to call whatever does more than look.',
        'default_tools_approval_mode = "approve"',
        '',
      ].join('\n'),
    },
    {
      program: 'opencode',
      title: 'opencode',
      place: '~/.config/opencode/opencode.json, or opencode.json in a project',
      text: json({
        $schema: 'https://opencode.ai/config.json',
        mcp: {
          holdfast: {
            type: 'remote',
            url,
            enabled: true,
            oauth: false,
            headers: bearer(token ?? `{env:${variable}}`),
          },
        },
      }),
    },
    {
      program: 'gemini',
      title: 'Gemini CLI',
      place: '~/.gemini/settings.json, or .gemini/settings.json in a project',
      text: json({
        mcpServers: { holdfast: { httpUrl: url, headers: bearer(token ?? `\${${variable}}`) } },
      }),
    },
    {
      program: 'json',
      title: 'JSON',
      place: 'What most other programs take',
      text: json({ mcpServers: { holdfast: http(held) } }),
    },
  ];
}
