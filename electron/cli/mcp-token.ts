import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usualMcpTools } from '../../shared/mcp-tools.ts';
import type { Paths } from '../base/paths.ts';
import { writePrivateFile } from '../base/private-files.ts';
import { fetchThrough } from './socket-fetch.ts';
import type { Client } from './client.ts';

const name = 'stdio';

/**
 * The token of programs that bring none: it is kept in the data folder for this account alone, and made anew where it is
 * in force no more. It may do what is usual: no folder, no host, and never answer for the person.
 */
export async function usualMcpToken(paths: Paths, client: Client): Promise<string> {
  const file = join(paths.data, 'mcp-stdio.token');
  const kept = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  if (/^hf_[\w-]+$/.test(kept) && (await isInForce(kept, paths))) return kept;
  const { value } = await client.access.create({ name, mcp: { tools: [...usualMcpTools] } });
  await writePrivateFile(file, `${value}\n`);
  return value;
}

/** Whether it opens the door; asking for no session is answered with that there is none. */
export async function isInForce(token: string, paths: Paths): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetchThrough(paths.socket)(new Request('http://holdfast/mcp', { headers }));
  await answer.body?.cancel();
  return answer.status !== 401;
}
