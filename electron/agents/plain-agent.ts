import { type Agent, declarationSchema } from '../../shared/agent.ts';
import { resolve } from './declarations/resolve.ts';

let defaults: Agent | undefined;

/** An agent that declares nothing but its name. */
export function plainAgent(name: string): Agent {
  defaults ??= resolve(declarationSchema.parse({ name: 'plain' }));
  return { ...defaults, name };
}
