import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { leadsOutside } from './special-addresses.ts';

test('addresses in the world outside', () => {
  for (const address of ['1.1.1.1', '93.184.215.14', '192.0.1.1', '2606:4700::1111', '2a00:1450::1'])
    expect([address, leadsOutside(address)]).toEqual([address, true]);
});

test('private, link-local, metadata, loopback, multicast and reserved addresses do not lead outside', () => {
  for (const address of [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.0.9',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '2001:db8::1',
  ])
    expect([address, leadsOutside(address)]).toEqual([address, false]);
});

test('an IPv4 address does not get out inside an IPv6 one', () => {
  for (const address of [
    '::ffff:127.0.0.1',
    '::ffff:a00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:1::1',
  ])
    expect([address, leadsOutside(address)]).toEqual([address, false]);
});

test('this machine’s own addresses do not lead outside', () => {
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  expect(own.length).toBeGreaterThan(0);
  for (const { address } of own) expect([address, leadsOutside(address)]).toEqual([address, false]);
});
