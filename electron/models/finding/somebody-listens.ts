import { connect } from 'node:net';
import type { Clock } from '../../base/clock.ts';

/** Whether the port of that address takes connections within so many milliseconds. */
export function somebodyListens(address: string, clock: Clock, within: number): Promise<boolean> {
  const { protocol, hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replaceAll(/[[\]]/g, ''),
      port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
    });
    const told = (listens: boolean) => {
      forget();
      socket.destroy();
      resolve(listens);
    };
    const forget = clock.after(within, () => told(false));
    socket.once('connect', () => told(true));
    socket.once('error', () => told(false));
  });
}
