import { expect, test } from 'vitest';
import { RegistryGate, registryOf } from './registry-gate.ts';

test('a gate lets through to the registry alone, and only once it is known', async () => {
  const gate = new RegistryGate();
  await expect(gate.allow('packages.example.org', 443)).rejects.toThrow(/is not where packages come from/);
  gate.open([registryOf('https://packages.example.org/npm/', false)]);
  await gate.allow('packages.example.org', 443);
  await expect(gate.allow('packages.example.org', 80)).rejects.toThrow(/:80 is not where/);
  await expect(gate.allow('example.org', 443)).rejects.toThrow(/example\.org:443 is not where/);
  expect(gate.allowsAddress()).toBe(false);
  expect(gate.refused).toContain('example.org:443');

  const to = { host: 'packages.example.org', port: 443, address: '203.0.113.7' };
  for (const id of [1, 2]) {
    gate.told({ what: 'connected', id, ...to });
    gate.told({ what: 'closed', id, ...to, sent: 10, received: 100, milliseconds: 1 });
  }
  const use = { host: 'packages.example.org', port: 443, connections: 2, sent: 20, received: 200 };
  expect(gate.uses).toEqual([use]);
});

test('what the person’s own npm names may be of their own network; a password or another scheme is refused', () => {
  const own = registryOf(' http://10.0.0.7:4873/ ', true);
  expect(own).toEqual({ url: 'http://10.0.0.7:4873/', host: '10.0.0.7', port: 4873, isOwn: true });
  const gate = new RegistryGate();
  gate.open([own]);
  expect(gate.allowsAddress()).toBe(true);
  gate.open([own, registryOf('https://packages.example.org/', false)]);
  expect(gate.allowsAddress()).toBe(false);
  expect(() => registryOf('https://me:word@packages.example.org/', true)).toThrow(/password/);
  for (const wrong of ['', 'file:///tmp', 'not an address']) {
    expect(() => registryOf(wrong, true)).toThrow(/names no registry/);
  }
});
