import type { HostPattern } from '../../../shared/capability/host-pattern.ts';
import { canonicalHost } from '../../../shared/capability/host-pattern.ts';
import { Problem } from '../../../shared/problem.ts';
import { isLocalRepository, repositoryProblem } from '../../agents/repository-rules.ts';

/** Where a clone comes from. */
export type Repository =
  | { readonly kind: 'remote'; readonly url: string; readonly host: HostPattern }
  | { readonly kind: 'folder'; readonly path: string };

const ports: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80, 'git:': 9418 };

/** A repository by its address or its folder; refuses what cannot be cloned. */
export function repositoryOf(text: string, withToken: boolean): Repository {
  const wrong = repositoryProblem(text, withToken);
  if (wrong !== null) {
    throw new Problem(
      'invalid_input',
      `The repository “${text.slice(0, 200)}” ${wrong}`,
      'Name one as https://, http:// or git://, or a folder of this machine.',
    );
  }
  if (isLocalRepository(text)) return { kind: 'folder', path: text };
  const url = new URL(text);
  // Of a scheme that browsers do not know, the host stands as it was written.
  const host = canonicalHost(url.hostname);
  const port = url.port === '' ? (ports[url.protocol] ?? 0) : Number(url.port);
  if (host === undefined || port === 0) {
    throw new Problem('invalid_input', `The repository “${text.slice(0, 200)}” names no host.`);
  }
  return { kind: 'remote', url: text, host: { host, ports: { from: port, to: port } } };
}
