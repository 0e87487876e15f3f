import type { Id } from '../../../shared/ids.ts';
import type { ToolServer } from '../../../shared/tool-server.ts';
import { Problem } from '../../../shared/problem.ts';
import { absentMend } from './absent-program.ts';
import type { Connecting, Way } from './connection.ts';
import type { ServerNeeds } from './server-needs.ts';
import { resolvedValues } from './server-values.ts';
import { StdioTransport } from './stdio-transport.ts';

type Stdio = Extract<ToolServer['transport'], { kind: 'stdio' }>;

/** Runs the server in a sandbox that has what its declaration says, and speaks with it by its pipes. */
export async function openStdio(
  needs: ServerNeeds,
  asked: Connecting & { session: Id<'session'>; transport: Stdio },
  signal: AbortSignal,
): Promise<Way> {
  const { session, transport: declared, said, server } = asked;
  const [containing, mend] = await Promise.all([needs.containing(), absentMend(declared, needs.searchPath)]);
  const program = await containing.run(
    {
      session,
      argv: declared.command,
      environment: resolvedValues(declared.environment, needs.vault),
      folders: declared.folders,
      hosts: declared.hosts,
      cwd: declared.cwd,
    },
    signal,
  );
  const transport = new StdioTransport(program, said, server.mostBytes);
  let ending: Problem | undefined;
  void program.running.ended.then((end) => {
    if (end.how === 'exited' || end.how === 'signalled') {
      const how = end.how === 'exited' ? `ended with code ${end.code}` : `was ended by signal ${end.signal}`;
      ending = new Problem('unavailable', `The server ${how}.`, 'Look at what it said in its log.');
    } else if (end.how === 'not_started') {
      ending = new Problem('not_found', `The server could not be run: ${end.reason}`, mend);
    }
  });
  return {
    transport,
    layers: program.layers,
    why: () => transport.why ?? ending,
    isForgotten: () => false,
    close: (reason) => program.close(reason),
  };
}
