import Docker from 'dockerode';

/** A client for one socket: whatever the environment of this process names is left aside. */
export function clientFor(socket: string, timeout?: number): Docker {
  // dockerode takes every option that is absent from the environment, not only the socket's.
  const options = {
    socketPath: socket,
    host: undefined,
    port: undefined,
    protocol: 'http' as const,
    ...(timeout === undefined ? {} : { timeout }),
  };
  return new Docker(options);
}
