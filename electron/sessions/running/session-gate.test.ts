import { randomBytes } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { readHostPattern } from '../../../shared/capability/host-pattern.ts';
import { newId } from '../../base/ids.ts';
import { silentLog } from '../../base/log.ts';
import { ManualClock } from '../../base/manual-clock.ts';
import { CapabilityTokens } from '../../capabilities/capability-tokens.ts';
import { SessionRights } from '../preparing/session-rights.ts';
import { Notebook } from '../testing/notebook.ts';
import { Connections } from './connections.ts';
import { SessionGate } from './session-gate.ts';

async function gateFor(...texts: string[]) {
  const clock = new ManualClock();
  const notebook = new Notebook();
  const tokens = new CapabilityTokens({ record: notebook, clock, random: randomBytes, log: silentLog() });
  onTestFinished(() => tokens.close());
  const session = newId('session', clock.now());
  const hosts = texts.map((text) => readHostPattern({ text, field: 'host', offset: 0 }));
  const rights = new SessionRights(tokens, session);
  await rights.issue([{ kind: 'network', hosts: hosts.toSorted((a, b) => (a.host < b.host ? -1 : 1)) }], {
    kind: 'operator',
  });
  const connections = new Connections({ record: notebook, clock, log: silentLog(), session });
  return { gate: new SessionGate(rights, hosts, connections), rights, notebook, session };
}

test('a connection is what a token of the session allows, and a refusal is on the record', async () => {
  const { gate, notebook, session } = await gateFor('*.example.org:443', 'api.example.net');
  await gate.allow('a.example.org', 443);
  await gate.allow('API.example.net', 80);
  await expect(gate.allow('a.example.org', 80)).rejects.toThrow('outside what the token grants');
  await expect(gate.allow('example.com', 443)).rejects.toThrow('outside');
  await expect(gate.allow('bad host', 443)).rejects.toThrow('nothing to connect to');
  expect(notebook.of('capability.denied')).toMatchObject([
    { agent: session, capability: 'network: a.example.org:80', reason: 'outside_grant' },
    { agent: session, capability: 'network: example.com:443' },
  ]);
});

test('an address inside is allowed only by a grant that is this very address and port', async () => {
  const { gate } = await gateFor('10.0.0.1:80-90', '[fd00::1]', 'inside.example.org');
  const asked: [string, number, boolean][] = [
    ['10.0.0.1', 80, true],
    ['10.0.0.1', 91, false],
    ['10.0.0.2', 80, false],
    ['fd00::1', 5, true],
    ['[fd00:0::1]', 5, true],
    ['::ffff:10.0.0.1', 80, false],
    ['127.0.0.1', 80, false],
    ['nonsense', 80, false],
  ];
  for (const [address, port, allowed] of asked) {
    expect([address, port, gate.allowsAddress(address, port)]).toEqual([address, port, allowed]);
  }
  const { gate: wide } = await gateFor('*');
  await wide.allow('example.org', 443);
  expect(wide.allowsAddress('127.0.0.1', 80)).toBe(false);
});

test('when the right ends, what is open is cut, also by an end of it that comes later', async () => {
  const { gate, rights } = await gateFor('10.0.0.1');
  let cut = 0;
  gate.whenEnded(() => cut++);
  gate.end();
  gate.whenEnded(() => cut++);
  expect(cut).toBe(2);
  await rights.end('over', { kind: 'system' });
  expect(gate.allowsAddress('10.0.0.1', 80)).toBe(false);
  await expect(gate.allow('10.0.0.1', 80)).rejects.toThrow('refused');
});
