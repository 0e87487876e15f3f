const ofServer = /^mcp\.[a-z][a-z0-9_-]*\.\*$/;

/** Whether a tool is meant: by its name, as one of all, or as one of a server’s (`mcp.SERVER.*`). */
export function namesTool(pattern: string, name: string): boolean {
  if (pattern === '*' || pattern === name) return true;
  return ofServer.test(pattern) && name.startsWith(pattern.slice(0, -1));
}
