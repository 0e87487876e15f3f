import { isIP, Socket } from 'node:net';
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js';
import { Problem } from '../../../shared/problem.ts';
import type { Settings } from '../../../shared/settings.ts';
import type { Vault } from '../../store/vault.ts';
import type { Mail, MailHands } from '../hands.ts';
import { MailProblem } from './mail-problem.ts';

export interface MailNeeds {
  readonly settings: () => Settings;
  readonly vault: Pick<Vault, 'get'>;
}

const connectMs = 15_000;
const answerMs = 60_000;

/** Sends mails by the person’s own account. Nothing goes out unencrypted, unless the server is on this machine. */
export function mailHands(needs: MailNeeds): MailHands {
  return {
    async send(mail, signal) {
      signal.throwIfAborted();
      const options = transportOf(needs);
      const from = needs.settings()['mail.from'] ?? missing('address', 'mail.from');
      const { createTransport } = await import('nodemailer');
      // A connection of our own, which an interruption cuts: otherwise the mail would go out all the same.
      const transport = createTransport({ ...options, getSocket: socketOf(signal) });
      try {
        const sent = await transport.sendMail(messageOf(mail, from));
        return { id: sent.messageId, accepted: sent.accepted.map(String) };
      } catch (thrown) {
        throw signal.aborted ? signal.reason : problemOf(options.host ?? '', thrown);
      } finally {
        transport.close();
      }
    },
  };
}

export function transportOf({ settings, vault }: MailNeeds): SMTPTransport.Options {
  const all = settings();
  const host = all['mail.host'] ?? missing('server', 'mail.host');
  const port = all['mail.port'] ?? 587;
  const user = all['mail.user'];
  const here = onThisMachine(host);
  return {
    host,
    port,
    secure: port === 465,
    requireTLS: !here && port !== 465,
    tls: { minVersion: 'TLSv1.2' },
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: answerMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(user === null ? {} : { auth: { user, pass: passwordOf(all['mail.secret'], vault) } }),
  };
}

type GetSocket = NonNullable<SMTPTransport.Options['getSocket']>;

function socketOf(signal: AbortSignal): GetSocket {
  return ({ host = '', port = 587 }, callback) => {
    const connection = new Socket({ signal });
    const failed = (thrown: Error) => callback(thrown, undefined);
    connection.setTimeout(connectMs, () => connection.destroy(new Error('It did not answer in time.')));
    connection.once('error', failed);
    connection.once('connect', () => {
      connection.setTimeout(0);
      connection.off('error', failed);
      callback(null, { connection });
    });
    connection.connect({ host: host.replaceAll(/^\[|\]$/g, ''), port: Number(port) });
  };
}

function messageOf({ to, cc, bcc, subject, text, html }: Mail, from: string) {
  return {
    from,
    to: [...to],
    cc: [...cc],
    bcc: [...bcc],
    subject,
    text,
    ...(html === null ? {} : { html }),
  };
}

function passwordOf(secret: string | null, vault: Pick<Vault, 'get'>): string {
  if (secret === null) return missing('password', 'mail.secret');
  const password = vault.get(secret);
  if (password !== undefined) return password;
  throw new MailProblem(
    'mail.secret',
    'unavailable',
    `The mail account’s password is not there: there is no secret ${secret}.`,
    `Store it with \`holdfast secrets set ${secret}\`.`,
  );
}

function missing(what: string, setting: MailProblem['field']): never {
  throw new MailProblem(
    setting,
    'unavailable',
    `No mail account is set up: its ${what} is missing.`,
    `Set it with \`holdfast settings set ${setting} …\`.`,
  );
}

export function onThisMachine(host: string): boolean {
  const bare = host.replaceAll(/^\[|\]$/g, '');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/** What went wrong, without what the server was told: that may hold the password. */
function problemOf(host: string, thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const { code = '', responseCode } = thrown as { code?: string; responseCode?: number };
  const answer = responseCode === undefined ? '' : ` (it answered ${responseCode})`;
  switch (code) {
    case 'EAUTH':
      return new MailProblem(
        'mail.secret',
        'unavailable',
        `${host} refuses the mail account’s name or password${answer}.`,
        'Check `mail.user` and the secret that `mail.secret` names.',
      );
    case 'EENVELOPE':
      return new MailProblem(
        'to',
        'invalid_input',
        `${host} takes the mail to none of these addresses${answer}.`,
      );
    case 'ETLS':
      return new MailProblem(
        'mail.port',
        'unavailable',
        `${host} offers no encryption that holds, and mails are not sent without.`,
        'Check `mail.host` and `mail.port`: 587 and 465 are the usual ones.',
      );
    case 'EMESSAGE':
      return new MailProblem('mail.from', 'invalid_input', `${host} does not take this mail${answer}.`);
    default:
      return new MailProblem(
        'mail.host',
        'unreachable',
        `${host} did not take the mail${answer || ` (${code || 'it failed'})`}.`,
      );
  }
}
