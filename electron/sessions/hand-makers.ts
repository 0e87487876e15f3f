export type { HandMakers, HandsOf, PutInScratch, RunLine } from '../tools/hand-makers.ts';
