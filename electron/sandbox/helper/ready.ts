import { Problem } from '../../../shared/problem.ts';
import { Breach } from './breach.ts';
import type { HelperReady } from './helper.ts';
import { PayloadReader } from './payload-reader.ts';
import { protocol } from './protocol.ts';
import { errorWords } from './refusals.ts';

/** `paths` are those that were asked for, in their order. */
export function readReady(payload: Buffer, paths: readonly string[]): HelperReady {
  const from = new PayloadReader(payload);
  const [version, landlock, pid, count] = [from.u32(), from.u32(), from.u32(), from.u32()];
  if (version !== protocol.PROTOCOL_VERSION) throw new Breach('it speaks another version');
  if (count !== paths.length) throw new Breach('it saw other places than it was shown');
  const places = new Map(paths.map((path) => [path, { device: from.u64(), inode: from.u64() }]));
  from.end();
  return { landlock, pid, places };
}

export function readNotConfined(payload: Buffer): Problem {
  const from = new PayloadReader(payload);
  const [part, number, detail] = [from.u32(), from.u32(), from.bytes()];
  from.end();
  const words = errorWords(number);
  const refuse = (message: string, mend?: string): Problem => new Problem('unavailable', message, mend);
  switch (part) {
    case protocol.PART_PRIVILEGES:
      return refuse(`The sandbox cannot give up its privileges: ${words}.`);
    case protocol.PART_PLACE: {
      const path = detail
        .toString()
        .replaceAll(/\p{Cc}/gu, '�')
        .slice(0, 500);
      return refuse(`“${path}” cannot be granted inside the sandbox: ${words}.`);
    }
    case protocol.PART_LANDLOCK:
      return refuse(
        'This kernel’s Landlock is missing or too old for the sandbox.',
        'Use a kernel from 6.2 on, with “landlock” in its list of security modules (the boot option lsm=).',
      );
    case protocol.PART_PROXY:
      return refuse(`The sandbox’s way to the network cannot be opened: ${words}.`);
    case protocol.PART_FILTER:
      return refuse(
        `The filter of system calls cannot be put on: ${words}.`,
        'Use a kernel with CONFIG_SECCOMP_FILTER.',
      );
    default:
      return refuse(
        'The sandbox’s helper does not understand how it is to be confined.',
        'Run npm start again: the helper is of another version.',
      );
  }
}
