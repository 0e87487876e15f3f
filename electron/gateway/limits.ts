/** What one caller may take. Tests pass smaller ones. */
export interface Limits {
  /** Bytes of one request's body, or of one message. */
  readonly bodyBytes: number;
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
  strangerBytes: 4096,
  connections: 256,
  inFlight: 64,
  waitingBytes: 1 << 20,
  stallMilliseconds: 30_000,
  idleMilliseconds: 5_000,
  requestMilliseconds: 30_000,
};

/** Why the gateway closed a WebSocket, in the range that applications may use. */
export const closeCodes = {
  stopping: 1001,
  unreadable: 1007,
  tokenEnded: 4001,
  tooMany: 4003,
  tooSlow: 4008,
} as const;
