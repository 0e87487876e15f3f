/** Who one is inside, whatever the account outside. */
export const inside = {
  uid: 1000,
  gid: 1000,
  name: 'sandbox',
  home: '/home/sandbox',
  host: 'holdfast',
} as const;

/** Its accounts where it has a home of its own, and with it a name. */
export function accountsFor(home: string): string {
  const name = home.slice(home.lastIndexOf('/') + 1);
  return [
    'root:x:0:0:root:/root:/bin/sh',
    `${name}:x:${inside.uid}:${inside.gid}:${name}:${home}:/bin/sh`,
    'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    '',
  ].join('\n');
}

/** Files below /etc that tell nothing about this machine. */
export const madeUpFiles: Readonly<Record<string, string>> = {
  passwd: accountsFor(inside.home),
  group: ['root:x:0:', `${inside.name}:x:${inside.gid}:`, 'nogroup:x:65534:', ''].join('\n'),
  hosts: `127.0.0.1 localhost ${inside.host}\n::1 localhost ${inside.host}\n`,
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};
