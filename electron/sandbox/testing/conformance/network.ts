import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Problem } from '../../../../shared/problem.ts';
import type { EgressEvent, EgressGate } from '../../egress.ts';
import { ran, until } from '../sandbox-house.ts';
import type { Subject } from './subject.ts';

/** The only shell that opens connections by itself. */
const bash = '/bin/bash';

export function egressTests(subject: Subject): void {
  describe.skipIf(!existsSync(bash))('network', () => {
    let server: Server;
    let port: number;
    beforeAll(async () => {
      server = createServer((socket) => {
        socket.on('error', () => socket.destroy());
        socket.end('hello from outside\n');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      ({ port } = server.address() as AddressInfo);
    });
    afterAll(() => new Promise((resolve) => server.close(resolve)));
    connectionTests(subject, () => port);
  });
}

function gateFor(allowed: string): { gate: EgressGate; told: EgressEvent[] } {
  const told: EgressEvent[] = [];
  const gate: EgressGate = {
    allow: (host, port) =>
      `${host}:${port}` === allowed
        ? Promise.resolve()
        : Promise.reject(new Problem('forbidden', `${host} is not granted`)),
    allowsAddress: () => true,
    whenEnded: () => () => undefined,
    told: (event) => void told.push(event),
  };
  return { gate, told };
}

const asking = (host: string, port: number) =>
  `exec 3<>/dev/tcp/127.0.0.1/3128 && printf 'CONNECT ${host}:${port} HTTP/1.1\\r\\nHost: ${host}:${port}\\r\\n\\r\\n' >&3 && cat <&3`;

function connectionTests({ house }: Subject, port: () => number): void {
  test('without a network nothing is reached, not even this machine', async () => {
    const sandbox = await house().plain();
    expect(sandbox.proxy).toBeNull();
    const { end, out } = await ran(sandbox, [bash, '-c', `exec 3<>/dev/tcp/127.0.0.1/${port()} && cat <&3`]);
    expect(end).toMatchObject({ how: 'exited' });
    expect(end).not.toEqual({ how: 'exited', code: 0 });
    expect(out).toBe('');
  });

  test('with its own loopback it reaches itself, and still not this machine', async () => {
    const sandbox = await house().start({ loopback: true });
    const { out, err } = await ran(sandbox, [bash, '-c', `exec 3<>/dev/tcp/127.0.0.1/${port()} && cat <&3`]);
    expect(out).toBe('');
    expect(err).toMatch(/refused/i);
  });

  test('a host that is granted is reached by the proxy alone, and each connection is told', async () => {
    const { gate, told } = gateFor(`allowed.test:${port()}`);
    const sandbox = await house().start({ egress: gate });
    expect(sandbox.proxy).toBe('127.0.0.1:3128');
    const allowed = await ran(sandbox, [bash, '-c', asking('allowed.test', port())]);
    expect(allowed.out).toMatch(/^HTTP\/1\.1 200 [^]*\r\n\r\nhello from outside\n$/);
    const other = await ran(sandbox, [bash, '-c', asking('other.test', port())]);
    expect(other.out).toMatch(/^HTTP\/1\.1 403 [^]*other\.test is not granted/);
    const direct = await ran(sandbox, [bash, '-c', `exec 3<>/dev/tcp/127.0.0.1/${port()} && cat <&3`]);
    expect(direct.out).toBe('');
    await until(() => Promise.resolve(told.some(({ what }) => what === 'closed')));
    expect(told.map(({ what, host }) => `${what} ${host}`)).toEqual([
      'connected allowed.test',
      'closed allowed.test',
    ]);
    expect(told.at(-1)).toMatchObject({ received: 'hello from outside\n'.length });
  });
}
