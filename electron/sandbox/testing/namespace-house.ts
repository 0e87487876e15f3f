import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import {
  createNamespaceExecutor,
  type NamespaceExecutor,
  type NamespaceNeeds,
} from '../namespace-executor.ts';

import { testEgress } from './conformance/subject.ts';
import { openSandboxHouse, type SandboxHouse } from './sandbox-house.ts';

/** The account of this process's sandboxes where nothing else is set. */
export function sandboxUid(): number {
  const own = process.getuid?.() ?? 0;
  return own === 0 ? 65_534 : own;
}

export function namespaceExecutor(data: string, more: Partial<NamespaceNeeds> = {}): NamespaceExecutor {
  return createNamespaceExecutor({
    clock: systemClock,
    log: silentLog(),
    data,
    environment: { PATH: process.env['PATH'] },
    uid: () => null,
    openEgress: testEgress,
    ...more,
  });
}

export function openNamespaceHouse(more: Partial<NamespaceNeeds> = {}): Promise<SandboxHouse> {
  return openSandboxHouse(sandboxUid(), (data) => Promise.resolve(namespaceExecutor(data, more)));
}
