/**
 * Entry: Holdfast without a window. The writing thread takes as long to load as the house, so it is begun before
 * anything else is: they load side by side.
 */
import { beginThread } from './base/thread-begun.ts';

const writer = new URL(import.meta.url.endsWith('.ts') ? './writer.ts' : './writer.js', import.meta.url);
const begun = beginThread(writer);
const { serve } = await import('./serving.ts');
await serve(begun);
