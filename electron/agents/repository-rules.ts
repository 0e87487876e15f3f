const schemes = /^(https|http|git):\/\/([^/]*)(.*)$/s;

export function isLocalRepository(text: string): boolean {
  return text.startsWith('/');
}

/**
 * What keeps a text from naming a repository that can be cloned; null where nothing does. A token goes with
 * `https` alone, for anything else would show it to whoever listens.
 */
export function repositoryProblem(text: string, withToken: boolean): string | null {
  if (text.trim() === '') return 'names no repository.';
  if (text !== text.trim()) return 'begins or ends with a space.';
  if (isLocalRepository(text)) return localProblem(text, withToken);
  if (/[\p{Cc}\s\\]/u.test(text)) return unreadable;
  const [, scheme, authority = '', path = ''] = schemes.exec(text) ?? [];
  if (scheme === undefined) return `is no address to clone from: ${ways}`;
  if (authority.includes('@'))
    return 'names a user or a password: leave it out, and name a stored secret as “clone_token”.';
  if (authority === '') return 'names no host.';
  if (/[?#]/.test(text)) return 'has a “?” or a “#”: an address to clone from ends with its path.';
  if (path === '' || path === '/') return 'names no path on its host.';
  if (!URL.canParse(text)) return unreadable;
  return withToken && scheme !== 'https' ? onlyHttps : null;
}

const ways = 'write https://, http:// or git://, or a folder of this machine from “/” on.';
const unreadable = `cannot be read as an address: ${ways}`;
const onlyHttps = 'does not begin with https://, and a token is sent over https alone.';

function localProblem(text: string, withToken: boolean): string | null {
  if (/\p{Cc}/u.test(text)) return 'holds a control character.';
  if (text.split('/').some((step) => step === '.' || step === '..'))
    return 'holds “.” or “..”: write the folder as it is.';
  return withToken ? onlyHttps : null;
}
