import { boundedFetch, mostBytes } from './bounded-fetch.ts';
import type { Endpoint, WireNeeds } from './wire.ts';

/** What every SDK is told: retries, time-outs and what to do about failures are ours. */
export const clientSettings = ({ baseUrl, key }: Endpoint, { fetch }: WireNeeds) => ({
  // Always a key of ours, also for servers that want none: without one an SDK would look for others on this machine.
  apiKey: key ?? 'none',
  baseURL: baseUrl,
  maxRetries: 0,
  timeout: 2 ** 31 - 1,
  fetch: boundedFetch(fetch, mostBytes),
  fetchOptions: { redirect: 'error' as const },
  logLevel: 'off' as const,
});
