/**
 * Node's HTTP, taken without an import: an import reads all that the module exports, and so loads Node's own client
 * for fetch and WebSocket, which takes 12 MB and 10 ms and is used by nobody here. `import type` costs nothing.
 */
export const { createServer, request, STATUS_CODES } = process.getBuiltinModule('node:http');
