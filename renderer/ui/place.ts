import { useSyncExternalStore } from 'react';

/** Where the person is: `#/audit?q=…` is the path `audit` and its parameters, `#/runs/ID/PART` leads into `runs`. */
export interface Place {
  readonly path: string;
  /** What is looked at on that screen, from the outside in. */
  readonly within: readonly string[];
  readonly params: URLSearchParams;
}

export function placeOf(hash: string): Place {
  const [whole = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [path = '', ...within] = whole.split('/');
  return { path, within: within.filter((each) => each !== ''), params: new URLSearchParams(query) };
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
  const { path, within } = placeOf(location.hash);
  replace([path, ...within].join('/'), params);
}

/** Leads elsewhere without a new step in the history. */
export function replace(path: string, params: Readonly<Record<string, string>> = {}): void {
  history.replaceState(null, '', hashOf(path, params));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}

export function usePlace(): Place {
  return placeOf(useSyncExternalStore(subscribe, () => location.hash));
}
