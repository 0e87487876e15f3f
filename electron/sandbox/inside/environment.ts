import { inside } from './made-up-files.ts';

/** Where the helper's proxy listens, on the sandbox's own loopback. */
export const proxyPort = 3128;

export const proxyAddress = `127.0.0.1:${proxyPort}`;

export interface EnvironmentNeeds {
  readonly network: boolean;
  readonly terminal: boolean;
  readonly home?: string | undefined;
  /** The person's own; they win. */
  readonly added: Readonly<Record<string, string>>;
}

/** Everything a program inside finds in its environment: built from nothing, the same in every executor. */
export function sandboxEnvironment({
  network,
  terminal,
  home = inside.home,
  added,
}: EnvironmentNeeds): Record<string, string> {
  const name = home.slice(home.lastIndexOf('/') + 1);
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: home,
    USER: name,
    LOGNAME: name,
    SHELL: '/bin/sh',
    LANG: 'C.UTF-8',
    TMPDIR: '/tmp',
    HOLDFAST: '1',
    ...(terminal ? { TERM: 'xterm-256color', COLORTERM: 'truecolor' } : {}),
    ...(network ? proxies() : {}),
    ...added,
  };
}

function proxies(): Record<string, string> {
  const proxy = `http://${proxyAddress}`;
  const own = 'localhost,127.0.0.1,::1';
  return {
    http_proxy: proxy,
    https_proxy: proxy,
    no_proxy: own,
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    NO_PROXY: own,
    // Node asks for the proxies of its environment only when told.
    NODE_USE_ENV_PROXY: '1',
  };
}
