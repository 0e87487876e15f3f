import { constants } from 'node:os';
import { refused } from '../../filter/system-calls.ts';
import type { EscapePlace } from './place.ts';

/** What a sandbox is given for an attempt beside its two folders. */
export type Given = 'nothing' | 'loopback' | 'unix';

/** One thing that a program inside tries. */
export interface Attempt {
  readonly name: string;
  readonly given?: Given;
  readonly argv: (place: EscapePlace) => readonly string[];
  /** What it may say: any of the kernel's refusals, or words. */
  readonly answers: RegExp;
}

const {
  EPERM,
  EACCES,
  ENOENT,
  EROFS,
  EXDEV,
  ESRCH,
  ENOSYS,
  ECONNREFUSED,
  ENETUNREACH,
  EBUSY,
  EINVAL,
  ENXIO,
} = constants.errno;

const errnos = (...numbers: number[]) => new RegExp(`^errno (${numbers.join('|')})\n$`);

const probe =
  (...argv: string[]) =>
  (place: EscapePlace) => [place.probe, ...argv];

const shell = (script: string) => (place: EscapePlace) => [
  '/bin/sh',
  '-c',
  script,
  'sh',
  place.read,
  place.write,
];

const never = errnos(EPERM, EACCES);
const hidden = errnos(EPERM, EACCES, ENOENT);
const readOnly = errnos(EROFS, EACCES, EPERM);

const column = process.arch === 'arm64' ? 1 : 0;
const numbers = Object.values(refused)
  .map((call) => call[column])
  .filter((number) => number >= 0);

const files: Attempt[] = [
  { name: 'a file outside', argv: (at) => [at.probe, 'read', at.secret], answers: hidden },
  { name: 'a link to it', argv: (at) => [at.probe, 'read', `${at.read}/planted`], answers: hidden },
  { name: 'upwards', argv: (at) => [at.probe, 'read', `${at.read}/../read-not/secret`], answers: hidden },
  { name: 'by another root', argv: (at) => [at.probe, 'read', `/proc/1/root${at.secret}`], answers: hidden },
  {
    name: 'by its own root',
    argv: (at) => [at.probe, 'read', `/proc/self/root${at.secret}`],
    answers: hidden,
  },
  {
    name: 'by another’s folder',
    argv: (at) => [at.probe, 'read', `/proc/1/cwd${at.secret}`],
    answers: hidden,
  },
  {
    name: 'a link made inside',
    argv: shell('ln -sf /proc/1/root/etc/shadow "$2/made"; cat "$2/made" || echo refused'),
    answers: /^refused\n$/,
  },
  {
    name: 'write what is only read',
    argv: (at) => [at.probe, 'write', `${at.read}/text`],
    answers: readOnly,
  },
  { name: 'cut it short', argv: (at) => [at.probe, 'cut', `${at.read}/text`], answers: readOnly },
  { name: 'change its mode', argv: (at) => [at.probe, 'mode', `${at.read}/text`, '0777'], answers: readOnly },
  { name: 'make something beside it', argv: (at) => [at.probe, 'make', `${at.read}/new`], answers: readOnly },
  {
    name: 'a second name for it',
    argv: (at) => [at.probe, 'link', `${at.read}/text`, `${at.write}/second`],
    answers: errnos(EXDEV, EPERM, EACCES),
  },
  {
    name: 'a second name for a system file',
    argv: (at) => [at.probe, 'link', '/usr/bin/env', `${at.write}/second`],
    answers: errnos(EXDEV, EPERM, EACCES),
  },
  {
    name: 'move it where it may be written',
    argv: (at) => [at.probe, 'rename', `${at.read}/text`, `${at.write}/moved`],
    answers: errnos(EXDEV, EROFS, EPERM, EACCES),
  },
  {
    name: 'give it to root',
    argv: (at) => [at.probe, 'own', `${at.write}/text`],
    answers: errnos(EPERM, EINVAL),
  },
  { name: 'the system’s own', argv: probe('make', '/usr/bin/holdfast-was-here'), answers: readOnly },
  { name: 'the root folder', argv: probe('make', '/holdfast-was-here'), answers: readOnly },
  { name: 'accounts', argv: probe('read', '/etc/shadow'), answers: hidden },
  {
    name: 'what git runs',
    argv: (at) => [at.probe, 'make', `${at.write}/.git/hooks/pre-commit`],
    answers: readOnly,
  },
  {
    name: 'what git is told',
    argv: (at) => [at.probe, 'write', `${at.write}/.git/config`],
    answers: readOnly,
  },
  {
    name: 'another repository in its place',
    argv: (at) => [at.probe, 'rename', `${at.write}/.git`, `${at.write}/old`],
    answers: errnos(EBUSY, EXDEV, EPERM, EACCES),
  },
  {
    name: 'other hooks in their place',
    argv: (at) => [at.probe, 'rename', `${at.write}/.git/hooks`, `${at.write}/.git/old`],
    answers: errnos(EBUSY, EXDEV, EPERM, EACCES),
  },
];

const kernel: Attempt[] = [
  { name: 'make a device', argv: (at) => [at.probe, 'device', `${at.write}/mem`], answers: never },
  { name: 'the machine’s memory', argv: probe('read', '/dev/mem'), answers: hidden },
  { name: 'the kernel’s messages', argv: probe('read', '/dev/kmsg'), answers: hidden },
  { name: 'the kernel’s memory', argv: probe('read', '/proc/kcore'), answers: hidden },
  {
    name: 'a disk',
    argv: shell(
      'for d in /dev/sd? /dev/vd? /dev/nvme? /dev/dm-?; do test -e "$d" && echo "$d"; done; echo none',
    ),
    answers: /^none\n$/,
  },
  {
    name: 'the system request',
    argv: probe('write', '/proc/sysrq-trigger'),
    answers: errnos(EPERM, EACCES, EROFS, ENOENT),
  },
  {
    name: 'what handles crashes',
    argv: probe('write', '/proc/sys/kernel/core_pattern'),
    answers: errnos(EPERM, EACCES, EROFS, ENOENT),
  },
  {
    name: 'devices’ switches',
    argv: shell('ls /sys/class /sys/kernel 2>/dev/null; echo none'),
    answers: /^none\n$|^(?!.*secret)[\s\S]*none\n$/,
  },
  {
    name: 'every refused system call',
    argv: (at) => [at.probe, 'calls', ...numbers.map(String)],
    answers: new RegExp(`^(\\d+:${EPERM} )+\n$`),
  },
  { name: 'a mount', argv: probe('mount', '/tmp'), answers: never },
  { name: 'a mount made writable', argv: (at) => [at.probe, 'remount', at.read], answers: never },
  { name: 'a mount taken away', argv: (at) => [at.probe, 'unmount', `${at.write}/.git`], answers: never },
  ...[0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x00020000].map(
    (flag): Attempt => ({
      name: `a namespace of its own (0x${flag.toString(16)})`,
      argv: probe('unshare', String(flag)),
      answers: never,
    }),
  ),
  { name: 'a child in a user namespace', argv: probe('clone', '0x10000000'), answers: never },
  { name: 'the same by the newer call', argv: probe('clone3', '0x10000000'), answers: errnos(ENOSYS, EPERM) },
  { name: 'become root', argv: probe('root'), answers: errnos(EPERM, EINVAL) },
  { name: 'turn off what hides addresses', argv: probe('personality'), answers: never },
  { name: 'its kind of sockets', argv: probe('socket', '16', '3', '0'), answers: never },
];

/** A call of another architecture ends the program that makes it; what it would have said never comes. */
export const killed: Attempt[] = [
  { name: 'calls of 32-bit programs', argv: probe('i386'), answers: /^$/ },
  { name: 'calls of the x32 kind', argv: probe('x32'), answers: /^$/ },
];

const processes: Attempt[] = [
  { name: 'signals to the first process', argv: probe('kill', '1'), answers: errnos(EPERM, ESRCH) },
  { name: 'signals to the helper', argv: probe('kill', '2'), answers: errnos(EPERM, ESRCH) },
  {
    name: 'signals to this machine’s processes',
    argv: probe('kill', String(process.pid)),
    answers: errnos(EPERM, ESRCH),
  },
  { name: 'look into the first process', argv: probe('attach', '1'), answers: errnos(EPERM, ESRCH) },
  { name: 'look into the helper', argv: probe('attach', '2'), answers: errnos(EPERM, ESRCH) },
  ...['1', '2', '3'].map((pid): Attempt => ({
    name: `memory of process ${pid}`,
    argv: probe('memory', pid),
    answers: /^errno \d+, errno \d+\n$/,
  })),
  ...['environ', 'fd/0', 'fd/1', 'maps', 'auxv'].map((what): Attempt => ({
    name: `the helper’s ${what}`,
    argv: probe('read', `/proc/2/${what}`),
    answers: errnos(EPERM, EACCES, ENOENT, ENXIO, ESRCH),
  })),
  {
    name: 'processes of this machine',
    argv: shell(
      'test -e /proc/$PPID && ls /proc | grep -cx "[0-9]*" | awk \'{ print ($1 < 12) ? "few" : "many" }\'',
    ),
    answers: /^few\n$/,
  },
  { name: 'descriptors that were forgotten', argv: probe('descriptors'), answers: /^0 leaked\n$/ },
  {
    name: 'secrets in its environment',
    argv: shell('env | grep -ci -e token -e secret -e password; echo counted'),
    answers: /^0\ncounted\n$/,
  },
];

const network: Attempt[] = [
  {
    name: 'this machine, without a network',
    argv: (at) => [at.probe, 'tcp', '127.0.0.1', String(at.port)],
    answers: never,
  },
  {
    name: 'Unix sockets, where none were asked for',
    argv: (at) => [at.probe, 'unix', at.listener],
    answers: never,
  },
  {
    name: 'abstract sockets, where none were asked for',
    argv: (at) => [at.probe, 'unix', at.abstract],
    answers: never,
  },
  { name: 'netlink', argv: probe('socket', '16', '3', '0'), answers: never },
  { name: 'packets', argv: probe('socket', '17', '3', '0'), answers: never },
  { name: 'virtual machines', argv: probe('socket', '40', '1', '0'), answers: never },
  { name: 'kernel cryptography', argv: probe('socket', '38', '5', '0'), answers: never },
  {
    name: 'this machine by the sandbox’s own loopback',
    given: 'loopback',
    argv: (at) => [at.probe, 'tcp', '127.0.0.1', String(at.port)],
    answers: errnos(ECONNREFUSED),
  },
  {
    name: 'what clouds tell about a machine',
    given: 'loopback',
    argv: probe('tcp', '169.254.169.254', '80'),
    answers: errnos(ENETUNREACH, ECONNREFUSED),
  },
  { name: 'datagrams', given: 'loopback', argv: probe('socket', '2', '2', '0'), answers: never },
  { name: 'raw packets', given: 'loopback', argv: probe('socket', '2', '3', '1'), answers: never },
  {
    name: 'an abstract socket of this machine',
    given: 'unix',
    argv: (at) => [at.probe, 'unix', at.abstract],
    answers: errnos(ECONNREFUSED, EPERM),
  },
  {
    name: 'a listener’s socket in its own folder',
    given: 'unix',
    argv: (at) => [at.probe, 'unix', at.listener],
    answers: errnos(ECONNREFUSED, EACCES),
  },
  {
    name: 'netlink, with Unix sockets',
    given: 'unix',
    argv: probe('socket', '16', '3', '0'),
    answers: never,
  },
];

/** The attempts of every kind but those that end the program. */
export const attempts: readonly Attempt[] = [...files, ...kernel, ...processes, ...network];
