/** Who one is inside, whatever the account outside. */
export const inside = {
  uid: 1000,
  gid: 1000,
  name: 'sandbox',
  home: '/home/sandbox',
  host: 'holdfast',
} as const;

/** Files below /etc that tell nothing about this machine. */
export const madeUpFiles: Readonly<Record<string, string>> = {
  passwd: [
    'root:x:0:0:root:/root:/bin/sh',
    `${inside.name}:x:${inside.uid}:${inside.gid}:${inside.name}:${inside.home}:/bin/sh`,
    'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    '',
  ].join('\n'),
  group: ['root:x:0:', `${inside.name}:x:${inside.gid}:`, 'nogroup:x:65534:', ''].join('\n'),
  hosts: `127.0.0.1 localhost ${inside.host}\n::1 localhost ${inside.host}\n`,
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};
