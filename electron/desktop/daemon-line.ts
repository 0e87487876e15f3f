import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { portCredit, takenBy } from '../../shared/port-credit.ts';
import { Problem } from '../../shared/problem.ts';
import type { GatewayPort } from '../gateway/port.ts';
import { protocol } from '../gateway/websocket.ts';

export interface DaemonAddress {
  readonly socket: string;
  /** The file that holds the operator's token. Read for each line, because the token may be renewed. */
  readonly operatorToken: string;
}

/**
 * Joins a port to a daemon: messages and WebSocket frames are the same texts, so they are handed on as they are.
 * Resolves when the daemon listens; from then on the end of one side is the end of the other.
 */
export async function joinDaemon(port: GatewayPort, address: DaemonAddress): Promise<void> {
  const socket = await open(address);
  let unread = 0;
  socket.on('message', (data: Buffer) => {
    const message = data.toString();
    port.postMessage(message);
    unread += message.length;
    // The daemon notices a socket that nobody reads, and cuts it off in its own time.
    if (unread >= portCredit.limit) socket.pause();
  });
  socket.on('close', () => port.close());
  port.on('message', ({ data }) => {
    const taken = takenBy(data);
    if (taken !== undefined) {
      unread = Math.max(0, unread - taken);
      if (socket.isPaused && unread < portCredit.limit) socket.resume();
    } else if (typeof data === 'string') socket.send(data);
    else socket.close();
  });
  port.on('close', () => socket.close());
  port.start();
}

async function open({ socket: path, operatorToken }: DaemonAddress): Promise<WebSocket> {
  try {
    const token = (await readFile(operatorToken, 'utf8')).trim();
    const socket = new WebSocket('ws://holdfast/ws', [protocol, `bearer.${token}`], {
      createConnection: () => connect(path),
      perMessageDeflate: false,
    });
    // After it opened, a failure is followed by `close`, which is all that matters here.
    socket.on('error', () => socket.terminate());
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return socket;
  } catch (thrown) {
    throw new Problem('unreachable', 'The daemon does not answer.', 'Start it with `holdfast serve`.', {
      cause: thrown,
    });
  }
}
