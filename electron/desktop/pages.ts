import { protocol } from 'electron';
import { readPage } from '../gateway/pages.ts';
import { securityHeaders } from '../gateway/page-security.ts';
import { pageScheme } from './security-restrictions.ts';
import { Problem, problemCodes } from '../../shared/problem.ts';

/** Serves the built pages under the desktop's own scheme, with the same headers that a browser gets. */
export function servePages(folder: string): void {
  const headers = securityHeaders(null);
  protocol.handle(pageScheme, async (request) => {
    try {
      const { host, pathname } = new URL(request.url);
      if (host !== 'pages' || request.method !== 'GET')
        throw new Problem('not_found', 'There is no such page.');
      const page = await readPage(folder, decodeURIComponent(pathname));
      return new Response(new Uint8Array(page.content), {
        headers: { ...headers, 'content-type': page.type },
      });
    } catch (thrown) {
      const problem = Problem.of(thrown);
      return new Response(problem.message, { status: problemCodes[problem.code].status, headers });
    }
  });
}
