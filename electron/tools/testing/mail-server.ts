import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';

export interface MailServerOptions {
  /** Who is let in; without it nobody is asked. */
  readonly account?: { readonly user: string; readonly password: string };
  /** Addresses that it does not take. */
  readonly refused?: readonly string[];
  /** Offers STARTTLS with these. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Takes connections and says nothing. */
  readonly silent?: boolean;
}

export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly secure: boolean;
  readonly user: string | null;
}

/** A mail server on loopback that speaks SMTP as RFC 5321 has it, with AUTH PLAIN and STARTTLS. */
export async function mailServer(options: MailServerOptions = {}) {
  const taken: TakenMail[] = [];
  const connections: Socket[] = [];
  const server = createServer((socket) => {
    connections.push(socket);
    socket.on('error', () => undefined);
    if (!options.silent) converse(socket, options, taken, true);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        for (const socket of connections) socket.destroy();
        server.close(() => resolve());
      }),
  );
  return { taken, connections, port: (server.address() as AddressInfo).port };
}

function converse(socket: Socket, options: MailServerOptions, taken: TakenMail[], greets: boolean): void {
  const say = (line: string) => socket.write(`${line}\r\n`);
  const secure = socket instanceof TLSSocket;
  let mail = { from: '', to: [] as string[] };
  let user: string | null = null;
  let data: string | null = null;
  let rest = '';
  const command = (line: string) => {
    const [verb = ''] = line.toUpperCase().split(' ');
    switch (verb) {
      case 'EHLO': {
        say('250-mail.test greets you');
        if (options.tls && !secure) say('250-STARTTLS');
        return say(options.account ? '250 AUTH PLAIN' : '250 8BITMIME');
      }
      case 'STARTTLS': {
        say('220 Begin');
        socket.removeAllListeners('data');
        const over = new TLSSocket(socket, { isServer: true, ...options.tls });
        over.on('error', () => undefined);
        return converse(over, options, taken, false);
      }
      case 'AUTH': {
        const [, name = '', password = ''] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
          .toString()
          .split('\0');
        const { account } = options;
        if (name !== account?.user || password !== account.password) return say(`535 ${password} is wrong`);
        user = name;
        return say('235 Welcome');
      }
      case 'MAIL':
        mail = { from: between(line), to: [] };
        return say(options.account && user === null ? '530 Who are you?' : '250 OK');
      case 'RCPT':
        if (options.refused?.includes(between(line))) return say('550 Nobody here of that name');
        mail.to.push(between(line));
        return say('250 OK');
      case 'DATA':
        data = '';
        return say('354 Go on');
      case 'QUIT':
        say('221 Goodbye');
        return socket.end();
      default:
        return say('250 OK');
    }
  };
  socket.on('data', (part: Buffer) => {
    rest += part.toString();
    for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
      const line = rest.slice(0, end);
      rest = rest.slice(end + 2);
      if (data === null) command(line);
      else if (line === '.') {
        taken.push({ ...mail, text: data, secure, user });
        data = null;
        say('250 Taken');
      } else data += `${line.replace(/^\./, '')}\n`;
    }
  });
  if (greets) say('220 mail.test ESMTP');
}

const between = (line: string) => /<([^>]*)>/.exec(line)?.[1] ?? '';
