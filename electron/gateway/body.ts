import type { IncomingMessage } from 'node:http';
import { Problem } from '../../shared/problem.ts';

export function tooLarge(limit: number): Problem {
  return new Problem(
    'too_large',
    `A request may have ${limit.toLocaleString('en')} bytes at most.`,
    'Send it in smaller pieces.',
  );
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a body of JSON up to a limit. Other types are refused: a form of another site can send those without asking. */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const body = await wholeBody(request, limit);
  if (body.length === 0) return undefined;
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type) || request.headers['content-encoding'] !== undefined) {
    throw new Problem(
      'invalid_input',
      'A body has to be plain application/json.',
      'Set Content-Type: application/json.',
    );
  }
  try {
    return JSON.parse(utf8.decode(body));
  } catch (failure) {
    throw new Problem('invalid_input', 'The body is not JSON.', 'Send JSON in UTF-8.', { cause: failure });
  }
}

/** Listening costs a tenth of what walking over a stream does, and most bodies come in one piece. */
function wholeBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    // Whoever has left already says so no more.
    if (request.destroyed) return reject(cutOff());
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= limit) return;
      request.removeAllListeners('data');
      request.pause();
      reject(tooLarge(limit));
    });
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => {
      if (!request.readableEnded) reject(cutOff());
    });
  });
}

const cutOff = () => new Problem('invalid_input', 'The request was cut off.');
