import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** The ranges of IANA's special-purpose registries that do not lead out into the world. */
const special = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(network, bits, 'ipv4');

/** Of IPv6 only global unicast leads out, without the parts of it that are set aside or hold an IPv4 address. */
const global = new BlockList();
global.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(network, bits, 'ipv6');

/** Whether an address lies in the world outside: no private, link-local, metadata or loopback address, and none of this machine’s own. */
export function leadsOutside(address: string): boolean {
  if (isIPv6(address)) {
    // An address with a zone is link-local. What holds an IPv4 address is outside `global`, or in a special part of it.
    if (address.includes('%') || !global.check(address, 'ipv6') || special.check(address, 'ipv6'))
      return false;
  } else if (special.check(address, 'ipv4')) {
    return false;
  }
  return !isOfThisMachine(address);
}

function isOfThisMachine(address: string): boolean {
  const own = new BlockList();
  for (const each of Object.values(networkInterfaces()).flat()) {
    if (each) own.addAddress(each.address.split('%', 1)[0]!, each.family === 'IPv6' ? 'ipv6' : 'ipv4');
  }
  return own.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
