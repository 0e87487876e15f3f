import { Problem } from '../../shared/problem.ts';
import { readFolder } from './shell-wish.ts';

export interface ServerOptions {
  url?: string;
  sse?: true;
  folder?: string[];
  allowHost?: string[];
  env?: string[];
  secret?: string[];
  header?: string[];
  file?: string;
}

/** The declaration that the options of `mcp servers add` ask for; JSON is YAML as well. */
export function readServerWish(command: readonly string[], options: ServerOptions, here: string): string {
  const { url, sse, folder = [], allowHost = [], env = [], secret = [], header = [] } = options;
  if (url !== undefined) {
    if (command.length > 0) {
      throw new Problem('invalid_input', 'A server is a command or an address, not both.');
    }
    const headers = fromSecrets('--header', header);
    return written({ transport: { kind: sse ? 'sse' : 'http', url, headers } });
  }
  if (command.length === 0) {
    throw new Problem(
      'invalid_input',
      'It is not said what the server is.',
      'Give its command behind “--”, its address with --url, or its declaration with --file.',
    );
  }
  const environment: Record<string, unknown> = {
    ...Object.fromEntries(env.map((each) => pair('--env', each))),
    ...fromSecrets('--secret', secret),
  };
  const folders = folder.map((each) => readFolder(each, here));
  return written({
    transport: { kind: 'stdio', command: [...command], environment, folders, hosts: [...allowHost] },
  });
}

const written = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

function fromSecrets(option: string, texts: readonly string[]): Record<string, { secret: string }> {
  return Object.fromEntries(
    texts.map((each) => {
      const [name, secret] = pair(option, each);
      return [name, { secret }];
    }),
  );
}

function pair(option: string, text: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new Problem('invalid_input', `${option} ${text} has no “=”.`, 'Write it as NAME=VALUE.');
}
