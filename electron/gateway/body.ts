import type { IncomingMessage } from 'node:http';
import { Problem } from '../../shared/problem.ts';

export function tooLarge(limit: number): Problem {
  return new Problem(
    'too_large',
    `A request may have ${limit.toLocaleString('en')} bytes at most.`,
    'Send it in smaller pieces.',
  );
}

/** Reads a body of JSON up to a limit. Other types are refused: a form of another site can send those without asking. */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type) || request.headers['content-encoding'] !== undefined) {
    throw new Problem(
      'invalid_input',
      'A body has to be plain application/json.',
      'Set Content-Type: application/json.',
    );
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (failure) {
    throw new Problem('invalid_input', 'The body is not JSON.', 'Send JSON in UTF-8.', { cause: failure });
  }
}
