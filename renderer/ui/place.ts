import { useSyncExternalStore } from 'react';

/** Where the person is: `#/audit?q=…` is the path `audit` and its parameters. */
export interface Place {
  readonly path: string;
  readonly params: URLSearchParams;
}

export function placeOf(hash: string): Place {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  return { path, params: new URLSearchParams(query) };
}

export function hashOf(path: string, params: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(params).toString();
  return `#/${path}${query ? `?${query}` : ''}`;
}

export function go(path: string, params?: Readonly<Record<string, string>>): void {
  location.hash = hashOf(path, params);
}

/** Changes the parameters without a new step in the history: what is typed is not a journey. */
export function stay(params: Readonly<Record<string, string>>): void {
  history.replaceState(null, '', hashOf(placeOf(location.hash).path, params));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

export function usePlace(): Place {
  return placeOf(useSyncExternalStore(subscribe, () => location.hash));
}
