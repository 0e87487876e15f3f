import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import type { Executor } from '../sandbox.ts';
import { commandTests } from './conformance/commands.ts';
import { egressTests } from './conformance/network.ts';
import { fileTests } from './conformance/file-tools.ts';
import { folderTests } from './conformance/folders.ts';
import { placedFolderTests } from './conformance/placed-folders.ts';
import { lifeTests } from './conformance/life.ts';
import { terminalTests } from './conformance/terminals.ts';
import { openSandboxHouse, type SandboxHouse } from './sandbox-house.ts';
import type { Abilities, MakeExecutor } from './conformance/subject.ts';

/**
 * What `prepare → start → exec / terminal / files → stop → teardown` means, the same for every executor. Each must
 * pass all of it.
 */
export function conforms(name: string, uid: () => number, can: Abilities, make: MakeExecutor): void {
  describe(`${name}: one interface`, () => {
    let house: SandboxHouse;
    let executor: Executor;
    beforeAll(async () => {
      house = await openSandboxHouse(uid(), async (data) => (executor = await make(data)));
    });
    afterEach(() => house.clear());
    afterAll(() => house.close());
    const subject = { house: () => house, executor: () => executor, can };
    commandTests(subject);
    fileTests(subject);
    folderTests(subject);
    placedFolderTests(subject);
    egressTests(subject);
    terminalTests(subject);
    lifeTests(subject);
  });
}
