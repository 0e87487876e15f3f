/** For tests of rooms above: parts of runs, carried out in real sandboxes. */
export { never } from './some-sessions.ts';
export {
  givenFolder,
  partLife,
  partPlace,
  someOrder,
  someRun,
  unheard,
} from '../agents/testing/part-life.ts';
