export { type Answer, getSettings, useAnswer } from '../../bridge/use-answer.ts';
