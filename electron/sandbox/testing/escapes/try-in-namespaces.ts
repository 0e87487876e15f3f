// A program of its own, so that it can be run as another user: prints what escaped.
import { openNamespaceHouse } from '../namespace-house.ts';
import { printEscapes } from './try-all.ts';

await printEscapes(await openNamespaceHouse());
