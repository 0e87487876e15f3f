/** Serves the repositories of a folder in a process of its own: what the server takes is not what is measured. */
import { serveGit } from '../../electron/sessions/testing/serve-git.ts';

const server = await serveGit(process.argv[2]!);
console.log(server.url);
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
