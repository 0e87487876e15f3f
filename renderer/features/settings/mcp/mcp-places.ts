/** Where the page of MCP is, as `go` takes it. */
export const mcpPlace = 'settings/mcp';

/** Where one server of tools is looked at. */
export const serverPlace = (name: string) => `${mcpPlace}/${encodeURIComponent(name)}`;
