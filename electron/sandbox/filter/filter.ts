import { Problem } from '../../../shared/problem.ts';
import { Assembler, offsets, verdicts } from './assembler.ts';
import { judged, lastKnown, refused } from './system-calls.ts';

export type FilterArchitecture = 'x64' | 'arm64';

export interface FilterWish {
  readonly arch: FilterArchitecture;
  /** TCP: on the sandbox’s own loopback, which is all the network it sees. */
  readonly inet: boolean;
  /** AF_UNIX sockets of its own. */
  readonly unix: boolean;
}

const auditArchitecture = { x64: 0xc0_00_00_3e, arm64: 0xc0_00_00_b7 } as const;
const errno = { EPERM: 1, ENOSYS: 38 } as const;
const no = verdicts.refuse(errno.EPERM);
const unknown = verdicts.refuse(errno.ENOSYS);

/** Above this the numbers of x86-64 belong to its 32-bit-pointer variant; -1 is up there too. */
const x32 = 0x40_00_00_00;

/** Every flag of `clone` that makes a namespace. */
const namespaceFlags = 0x7e_02_00_00;

const family = { unix: 1, inet: 2, inet6: 10 } as const;
const socketType = { mask: 0xf, stream: 1, datagram: 2, packets: 5 } as const;
const tcp = 6;

/** What writes into a terminal as if the person had typed it, and what changes whom a terminal speaks with. */
const terminalTricks = { TIOCSTI: 0x54_12, TIOCLINUX: 0x54_1c, TIOCCONS: 0x54_1d, TIOCSETD: 0x54_23 };

/** Asking for the present one, and the usual one. */
const harmlessPersonalities = [0xff_ff_ff_ff, 0];

function judgeClone(program: Assembler): void {
  program.load(offsets.argument(0)).whenAnyBit(namespaceFlags, (then) => then.decide(no));
}

function judgeIoctl(program: Assembler): void {
  program.load(offsets.argument(1));
  for (const request of Object.values(terminalTricks)) program.whenEqual(request, (then) => then.decide(no));
}

function judgePersonality(program: Assembler): void {
  program.load(offsets.argument(0));
  for (const harmless of harmlessPersonalities)
    program.whenEqual(harmless, (then) => then.decide(verdicts.allow));
  program.decide(no);
}

const judgeSocket =
  ({ inet, unix }: FilterWish) =>
  (program: Assembler): void => {
    program.load(offsets.argument(0));
    if (unix) program.whenEqual(family.unix, (then) => then.decide(verdicts.allow));
    if (inet) {
      program.unlessEqual(family.inet, (then) =>
        then.unlessEqual(family.inet6, (neither) => neither.decide(no)),
      );
      program
        .load(offsets.argument(1))
        .and(socketType.mask)
        .unlessEqual(socketType.stream, (then) => then.decide(no))
        .load(offsets.argument(2))
        .whenEqual(0, (then) => then.decide(verdicts.allow))
        .whenEqual(tcp, (then) => then.decide(verdicts.allow));
    }
    program.decide(no);
  };

/** Pairs of streams are how programs speak with their children. Pairs of datagrams could send to a path. */
const judgeSocketpair =
  ({ unix }: FilterWish) =>
  (program: Assembler): void => {
    const allowed = [socketType.stream, socketType.packets, ...(unix ? [socketType.datagram] : [])];
    program
      .load(offsets.argument(0))
      .unlessEqual(family.unix, (then) => then.decide(no))
      .load(offsets.argument(1))
      .and(socketType.mask);
    for (const type of allowed) program.whenEqual(type, (then) => then.decide(verdicts.allow));
    program.decide(no);
  };

/** The filter of system calls for one kind of sandbox: a program that the kernel runs at every call. */
export function filterFor(wish: FilterWish): Uint8Array {
  const column = wish.arch === 'x64' ? 0 : 1;
  const program = new Assembler();
  program
    .load(offsets.architecture)
    .unlessEqual(auditArchitecture[wish.arch], (then) => then.decide(verdicts.kill))
    .load(offsets.number);
  if (wish.arch === 'x64') program.whenAtLeast(x32, (then) => then.decide(verdicts.kill));
  program.whenGreater(lastKnown, (then) => then.decide(unknown));
  for (const call of Object.values(refused)) {
    const number = call[column];
    if (number >= 0) program.whenEqual(number, (then) => then.decide(no));
  }
  const judge = (number: number, body: (then: Assembler) => void): void => {
    program.whenEqual(number, (then) => {
      body(then);
      then.decide(verdicts.allow);
    });
  };
  judge(judged.clone[column], judgeClone);
  // Its flags lie behind a pointer, where no filter can look. Told that it is not there, programs use `clone`.
  program.whenEqual(judged.clone3[column], (then) => then.decide(unknown));
  judge(judged.ioctl[column], judgeIoctl);
  judge(judged.personality[column], judgePersonality);
  judge(judged.socket[column], judgeSocket(wish));
  judge(judged.socketpair[column], judgeSocketpair(wish));
  return program.decide(verdicts.allow).end();
}

/** This machine’s architecture, or a refusal: without a filter there is no sandbox. */
export function filterArchitecture(arch: string = process.arch): FilterArchitecture {
  if (arch === 'x64' || arch === 'arm64') return arch;
  throw new Problem(
    'unavailable',
    `Sandboxes are made for x64 and arm64; this machine is ${arch}.`,
    'Run Holdfast on a machine of one of these.',
  );
}
