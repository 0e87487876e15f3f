import type { Duplex } from 'node:stream';
import { Transform, type TransformCallback } from 'node:stream';
import { request } from '../../base/node-http.ts';

/**
 * Dials an endpoint that becomes a plain two-way stream. Not through dockerode: it sends the options as a body, which
 * Podman passes on as the container's first input.
 */
export function dialStream(socketPath: string, path: string, body: unknown = null): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const content = body === null ? '' : JSON.stringify(body);
    const headers = {
      Host: 'engine',
      Connection: 'Upgrade',
      Upgrade: 'tcp',
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(content),
    };
    const asked = request({ socketPath, method: 'POST', path, headers });
    asked.once('error', reject);
    asked.once('upgrade', (_response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.once('response', (response) => {
      let told = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        if (told.length < 4096) told += text;
      });
      response.once('end', () =>
        reject(new Error(`the engine answered ${response.statusCode}: ${told.trim()}`)),
      );
    });
    asked.end(content);
  });
}

/**
 * Takes the engine's framing of a stream without a terminal apart: standard output goes on, standard error is told
 * to `aside`. A frame is passed on as it comes, never gathered.
 */
export class EngineFrames extends Transform {
  #head = Buffer.alloc(0);
  #left = 0;
  #stream = 0;
  readonly #aside: (bytes: Buffer) => void;

  constructor(aside: (bytes: Buffer) => void) {
    super();
    this.#aside = aside;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#left === 0) {
        const wanted = 8 - this.#head.length;
        this.#head = Buffer.concat([this.#head, rest.subarray(0, wanted)]);
        rest = rest.subarray(wanted);
        if (this.#head.length < 8) break;
        this.#stream = this.#head[0] ?? 0;
        this.#left = this.#head.readUInt32BE(4);
        this.#head = Buffer.alloc(0);
        continue;
      }
      const part = rest.subarray(0, this.#left);
      this.#left -= part.length;
      rest = rest.subarray(part.length);
      if (this.#stream === 1) this.push(part);
      else this.#aside(part);
    }
    done();
  }
}
