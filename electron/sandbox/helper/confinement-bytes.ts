import type { Confinement, RlimitName } from './helper.ts';
import type { PayloadWriter } from './payload-writer.ts';
import { protocol } from './protocol.ts';

/** In the order of their numbers in the helper. */
const rlimits: readonly RlimitName[] = [
  'as',
  'core',
  'cpu',
  'data',
  'fsize',
  'memlock',
  'nofile',
  'nproc',
  'stack',
];

export function writeConfinement(confinement: Confinement, into: PayloadWriter): void {
  const limits = rlimits.flatMap((name, number) => {
    const most = confinement.rlimits[name];
    return most === undefined ? [] : [{ number, most }];
  });
  into
    .u32(protocol.PROTOCOL_VERSION)
    .u32(confinement.landlock)
    .list(confinement.read)
    .list(confinement.write)
    .list(confinement.execute)
    .list(confinement.devices)
    .list(confinement.always);
  into.u32(limits.length);
  for (const { number, most } of limits) into.u32(number).u64(BigInt(most));
  into
    .u32(confinement.proxyPort ?? 0)
    .u32(confinement.terminal ? 1 : 0)
    .bytes(confinement.filter);
}
