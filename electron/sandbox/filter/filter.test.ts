import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { verdicts } from './assembler.ts';
import { filterArchitecture, type FilterArchitecture, filterFor, type FilterWish } from './filter.ts';
import { judged, lastKnown, refused } from './system-calls.ts';
import { runFilter } from './testing/simulator.ts';

const [EPERM, ENOSYS] = [verdicts.refuse(1), verdicts.refuse(38)];
const kill = verdicts.kill >>> 0;
const architectures = { x64: 0xc0_00_00_3e, arm64: 0xc0_00_00_b7 } as const;
const column = { x64: 0, arm64: 1 } as const;

const headers: Record<FilterArchitecture, readonly string[]> = {
  x64: ['/usr/include/x86_64-linux-gnu/asm/unistd_64.h', '/usr/include/asm/unistd_64.h'],
  arm64: ['/usr/include/asm-generic/unistd.h'],
};

/** The numbers as the kernel's own headers have them. */
function numbersIn(arch: FilterArchitecture): Map<string, number> {
  const file = headers[arch].find((path) => existsSync(path));
  if (file === undefined) return new Map();
  const text = readFileSync(file, 'utf8');
  return new Map(
    [...text.matchAll(/^#define __NR(?:3264)?_(\w+)\s+(\d+)/gm)].map(([, name, number]) => [
      name!,
      Number(number),
    ]),
  );
}

const withHeaders = (['x64', 'arm64'] as const).filter((arch) => numbersIn(arch).size > 0);
const wishes = (arch: FilterArchitecture): FilterWish[] =>
  [false, true].flatMap((inet) => [false, true].map((unix) => ({ arch, inet, unix })));

const judge = (wish: FilterWish, number: number, ...args: number[]): number =>
  runFilter(filterFor(wish), {
    architecture: architectures[wish.arch],
    number,
    arguments: args.map(BigInt),
  });

test('kernel headers are on this machine to compare with', () => {
  expect(withHeaders).toContain('arm64');
});

test.each(withHeaders)(
  'every number of the table for %s is the one that the kernel’s headers give',
  (arch) => {
    const known = numbersIn(arch);
    const newest = Math.max(...[...known.values()].filter((number) => number < 1000));
    // Headers may be older than the table; where they know the call, they must agree.
    const wrong = Object.entries({ ...refused, ...judged }).filter(([name, numbers]) => {
      const number = numbers[column[arch]];
      return known.has(name) ? number !== known.get(name) : number >= 0 && number < newest;
    });
    expect(wrong).toEqual([]);
  },
);

test.each(withHeaders)(
  'each call that the headers for %s know gets exactly the verdict of its table',
  (arch) => {
    const never = new Set(Object.values(refused).map((numbers) => numbers[column[arch]]));
    const depends = new Set<number>(Object.values(judged).map((numbers) => numbers[column[arch]]));
    for (const wish of wishes(arch)) {
      for (const [name, number] of numbersIn(arch)) {
        if (depends.has(number) || number > lastKnown) continue;
        expect([name, judge(wish, number, 0, 0, 0)]).toEqual([
          name,
          never.has(number) ? EPERM : verdicts.allow,
        ]);
      }
    }
  },
);

test.each(['x64', 'arm64'] as const)(
  'on %s other architectures are killed, unknown calls are not there',
  (arch) => {
    for (const wish of wishes(arch)) {
      const program = filterFor(wish);
      const from = (architecture: number, number: number): number =>
        runFilter(program, { architecture, number, arguments: [] });
      for (const other of [0x40_00_00_03, 0x40_00_00_28, 0, architectures[arch === 'x64' ? 'arm64' : 'x64']])
        expect(from(other, 0)).toBe(kill);
      expect(from(architectures[arch], lastKnown + 1)).toBe(ENOSYS);
      expect(from(architectures[arch], 0x3f_ff_ff_ff)).toBe(ENOSYS);
      expect(from(architectures[arch], -1)).toBe(arch === 'x64' ? kill : ENOSYS);
      if (arch === 'x64') expect(from(architectures.x64, 0x40_00_00_00)).toBe(kill);
    }
  },
);

test.each(['x64', 'arm64'] as const)('on %s sockets are those that were wished for', (arch) => {
  const [socket, socketpair] = [judged.socket[column[arch]], judged.socketpair[column[arch]]];
  const flags = 0x80_00 | 0x800_00;
  for (const wish of wishes(arch)) {
    const tcp = wish.inet ? verdicts.allow : EPERM;
    const unix = wish.unix ? verdicts.allow : EPERM;
    expect(judge(wish, socket, 2, 1, 0)).toBe(tcp);
    expect(judge(wish, socket, 10, 1 | flags, 6)).toBe(tcp);
    expect(judge(wish, socket, 1, 1, 0)).toBe(unix);
    expect(judge(wish, socket, 1, 2, 0)).toBe(unix);
    // Datagrams, raw, MPTCP, SCTP, netlink, packets, VSOCK, AF_ALG.
    for (const args of [
      [2, 2, 0],
      [2, 3, 0],
      [2, 1, 262],
      [2, 1, 132],
      [16, 3, 0],
      [17, 3, 0],
      [40, 1, 0],
      [38, 5, 0],
    ])
      expect([args, judge(wish, socket, ...args)]).toEqual([args, EPERM]);
    expect(judge(wish, socketpair, 1, 1 | flags, 0)).toBe(verdicts.allow);
    expect(judge(wish, socketpair, 1, 5, 0)).toBe(verdicts.allow);
    expect(judge(wish, socketpair, 1, 2, 0)).toBe(unix);
    expect(judge(wish, socketpair, 2, 1, 0)).toBe(EPERM);
  }
});

test.each(['x64', 'arm64'] as const)(
  'on %s namespaces, typed input and personalities are refused',
  (arch) => {
    const wish = { arch, inet: true, unix: true };
    const [clone, clone3, ioctl, personality] = [
      judged.clone,
      judged.clone3,
      judged.ioctl,
      judged.personality,
    ].map((numbers) => numbers[column[arch]]) as [number, number, number, number];
    for (let bit = 0; bit < 32; bit++) {
      const flag = 2 ** bit;
      const makesNamespace = [
        0x02_00_00_00, 0x04_00_00_00, 0x08_00_00_00, 0x10_00_00_00, 0x20_00_00_00, 0x40_00_00_00,
        0x00_02_00_00,
      ].includes(flag);
      expect([flag, judge(wish, clone, flag | 17)]).toEqual([flag, makesNamespace ? EPERM : verdicts.allow]);
    }
    expect(judge(wish, clone3, 0)).toBe(ENOSYS);
    for (const request of [0x54_12, 0x54_1c, 0x54_1d, 0x54_23])
      expect(judge(wish, ioctl, 0, request)).toBe(EPERM);
    for (const request of [0x54_01, 0x54_0e, 0x54_13])
      expect(judge(wish, ioctl, 0, request)).toBe(verdicts.allow);
    // The kernel looks at the lower half alone, and so does the filter.
    expect(
      runFilter(filterFor(wish), {
        architecture: architectures[arch],
        number: ioctl,
        arguments: [0n, 0x1_0000_5412n],
      }),
    ).toBe(EPERM);
    expect(judge(wish, personality, 0xff_ff_ff_ff)).toBe(verdicts.allow);
    expect(judge(wish, personality, 0x04_00_00)).toBe(EPERM);
  },
);

test('machines of other kinds are refused', () => {
  expect(filterArchitecture('arm64')).toBe('arm64');
  expect(() => filterArchitecture('riscv64')).toThrow(/riscv64/);
});
