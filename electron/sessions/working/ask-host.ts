import { createHash } from 'node:crypto';
import { type IncomingMessage, request } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { canonicalHost } from '../../../shared/capability/host-pattern.ts';
import type { Clock } from '../../base/clock.ts';

export interface HostQuestion {
  readonly url: string;
  readonly token: string | null;
  /** Of how many digits the names of its objects are. */
  readonly digits: number;
  /** Each connection is asked for and told. */
  readonly open: (host: string, port: number) => Promise<Duplex>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Whom https is believed. */
  readonly trust?: () => SecureContext;
}

/** More is not listed here: git may, in its sandbox. */
const mostBytes = 2 << 20;
const patience = 5000;

export type HostAnswer =
  /** By the same sum that a look from a sandbox tells. */
  | { readonly is: 'listed'; readonly sum: string }
  /** It answers otherwise than it is asked here. */
  | { readonly is: 'unlike' }
  /** It refuses, or does not answer. */
  | { readonly is: 'unknown' };

const unlike = { is: 'unlike' } as const;
const unknown = { is: 'unknown' } as const;

/**
 * What branches and tags a host has, in one question of the second version of git's protocol. Whatever is not quite as
 * it should be, a refusal or a redirect included, is no answer: git is asked then, in its sandbox, and what it says
 * counts.
 */
export async function refsAtHost(question: HostQuestion): Promise<HostAnswer> {
  const gone = new AbortController();
  const signal = AbortSignal.any([question.signal, gone.signal]);
  const forget = question.clock.after(patience, () => gone.abort());
  try {
    for (const authorization of waysIn(question.token)) {
      const { status, body } = await asked(question, authorization, signal);
      const sum = body && sumOf(body);
      if (sum) return { is: 'listed', sum };
      if (status !== 401 && status !== 403) return status < 500 ? unlike : unknown;
    }
    return unknown;
  } catch {
    return unknown;
  } finally {
    forget();
    gone.abort();
  }
}

/** In the order in which a look from a sandbox tries them. */
function waysIn(token: string | null): (string | null)[] {
  if (token === null) return [null];
  return [`Bearer ${token}`, `Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`];
}

interface Answer {
  readonly status: number;
  /** Null where it is none of git's, or too long. */
  readonly body: Buffer | null;
}

async function asked(
  question: HostQuestion,
  authorization: string | null,
  signal: AbortSignal,
): Promise<Answer> {
  const url = new URL(`${question.url.replace(/\/+$/, '')}/git-upload-pack`);
  const connection = await connected(url, question, signal);
  try {
    return await exchanged(url, connection, wordsFor(question.digits), authorization, signal);
  } finally {
    connection.destroy();
  }
}

async function connected(url: URL, question: HostQuestion, signal: AbortSignal): Promise<Duplex> {
  const { open, trust = systemTrust } = question;
  const isSecure = url.protocol === 'https:';
  const named = canonicalHost(url.hostname);
  if (named === undefined) throw new Error('It names no host.');
  const opening = open(named, Number(url.port) || (isSecure ? 443 : 80));
  // Whoever gave up waiting wants none that comes later.
  const plain = await Promise.race([opening, givenUp(signal)]).catch((failure: unknown) => {
    void opening.then(
      (late) => late.destroy(),
      () => undefined,
    );
    throw failure;
  });
  if (!isSecure) return plain;
  const host = named.replaceAll(/^\[|\]$/g, '');
  const names = isIP(host) === 0 ? { host, servername: host } : { host };
  const secure = connect({
    socket: plain,
    ...names,
    secureContext: trust(),
    rejectUnauthorized: true,
    ALPNProtocols: ['http/1.1'],
  });
  secure.once('close', () => plain.destroy());
  try {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    secure.once('secureConnect', resolve).on('error', reject);
    await Promise.race([promise, givenUp(signal)]);
    return secure;
  } catch (failure) {
    secure.destroy();
    throw failure;
  }
}

const givenUp = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const tell = () => reject(new Error('Nobody waits for it any more.'));
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });

let known: SecureContext | undefined;

/** Whom this machine trusts, as git in its sandbox does; read once, for it is long. */
function systemTrust(): SecureContext {
  known ??= createSecureContext({ ca: getCACertificates('system') });
  return known;
}

function exchanged(
  url: URL,
  connection: Duplex,
  words: Buffer,
  authorization: string | null,
  signal: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const question = request({
    // And no agent, which would make connections of its own.
    createConnection: () => connection,
    method: 'POST',
    host: url.hostname,
    port: url.port,
    path: `${url.pathname}${url.search}`,
    signal,
    headers: {
      'user-agent': 'git/2 (Holdfast)',
      'git-protocol': 'version=2',
      'content-type': 'application/x-git-upload-pack-request',
      accept: 'application/x-git-upload-pack-result',
      'content-length': words.length,
      connection: 'close',
      ...(authorization === null ? {} : { authorization }),
    },
  });
  question.once('response', (response) => void answered(response).then(resolve, reject));
  question.on('error', reject);
  question.end(words);
  return promise;
}

async function answered(response: IncomingMessage): Promise<Answer> {
  const { statusCode: status = 0, headers } = response;
  if (status !== 200 || headers['content-type'] !== 'application/x-git-upload-pack-result') {
    return { status, body: null };
  }
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > mostBytes) return { status, body: null };
    pieces.push(piece);
  }
  return { status, body: Buffer.concat(pieces) };
}

const line = (text: string) => `${(text.length + 5).toString(16).padStart(4, '0')}${text}\n`;

function wordsFor(digits: number): Buffer {
  const format = digits === 64 ? [line('object-format=sha256')] : [];
  const wanted = ['symrefs', 'ref-prefix HEAD', 'ref-prefix refs/heads/', 'ref-prefix refs/tags/'];
  return Buffer.from([line('command=ls-refs'), ...format, '0001', ...wanted.map(line), '0000'].join(''));
}

const reference = /^([0-9a-f]{40}|[0-9a-f]{64}) ([^\s]+)(?: symref-target:([^\s]+))?\n$/;

/** Of what a whole answer lists; null where it is none. */
function sumOf(body: Buffer): string | null {
  const lines: string[] = [];
  let head: string | undefined;
  let at = 0;
  for (;;) {
    const length = body.toString('latin1', at, at + 4);
    if (length === '0000') break;
    const end = at + Number.parseInt(length, 16);
    const text = /^[0-9a-f]{4}$/.test(length) ? body.toString('latin1', at + 4, end) : '';
    const [, object, name = '', target] = reference.exec(text) ?? [];
    if (object === undefined || end > body.length) return null;
    if (target !== undefined) head ??= `ref: ${target}`;
    else if (name === 'HEAD') head ??= object;
    if (/^refs\/(heads|tags)\/[^^]*$/.test(name)) lines.push(`${object}\t${name}\n`);
    at = end;
  }
  if (at + 4 !== body.length) return null;
  // Byte by byte, as each letter here is one.
  lines.sort((one, other) => (one < other ? -1 : 1));
  const text = `${head ?? ''}\n${lines.join('')}`;
  return createHash('sha256').update(text, 'latin1').digest('hex');
}
