import type { CallerKind } from '../../shared/contract/procedure.ts';

/** What one caller may take. Tests pass smaller ones. */
export interface Limits {
  /** Bytes of one request's body, or of one message. */
  readonly bodyBytes: number;
  /** The same where the person hands in files, which nobody else may. */
  readonly fileBytes: number;
  /** Bytes of a body from somebody without a token: enough to exchange a ticket. */
  readonly strangerBytes: number;
  readonly connections: number;
  /** Calls that may run at once on one connection. */
  readonly inFlight: number;
  /** Bytes that may wait to be sent on one connection before its caller is cut off for sending more. */
  readonly waitingBytes: number;
  /** How long a connection may take nothing while something waits for it. */
  readonly stallMilliseconds: number;
  /** How long a connection is kept for a next request. */
  readonly idleMilliseconds: number;
  /** How long a request may take to arrive; its head may take a third of it. */
  readonly requestMilliseconds: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 1 << 20,
  fileBytes: 24 << 20,
  strangerBytes: 4096,
  connections: 256,
  inFlight: 64,
  waitingBytes: 1 << 20,
  stallMilliseconds: 30_000,
  idleMilliseconds: 5_000,
  requestMilliseconds: 30_000,
};

/** Procedures that take files, by the way that leads to them. The words of the contract are not read for this. */
const takeFiles: ReadonlySet<string> = new Set([
  '/work/start',
  '/agents/checkInput',
  '/api/work',
  '/api/agents/check-input',
]);

/** How much may be sent to a path, `/rpc` left out, by this kind of caller. */
export function mostBytes(limits: Limits, path: string, kind: CallerKind | undefined): number {
  return kind === 'operator' && takeFiles.has(path) ? limits.fileBytes : limits.bodyBytes;
}

/** Why the gateway closed a WebSocket, in the range that applications may use. */
export const closeCodes = {
  stopping: 1001,
  unreadable: 1007,
  tooLarge: 1009,
  tokenEnded: 4001,
  tooMany: 4003,
  tooSlow: 4008,
} as const;
