// A program of its own, so that it can be run as another user: prints what escaped from containers.
import { givenEngine, openContainerHouse } from '../container-executor.ts';
import { sandboxUid } from '../namespace-house.ts';
import { printEscapes } from './try-all.ts';

await printEscapes(await openContainerHouse(givenEngine(), sandboxUid()));
