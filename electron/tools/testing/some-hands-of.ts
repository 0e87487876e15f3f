import type { Agent } from '../../../shared/agent.ts';
import type { Id } from '../../../shared/ids.ts';
import { sandboxLimitsSchema } from '../../../shared/session.ts';
import { newId } from '../../base/ids.ts';
import type { HandsOf } from '../hand-makers.ts';

/** An agent with everything said, and of that what a test says otherwise. */
export function someAgent(said: Partial<Agent> = {}): Agent {
  return {
    name: 'tester',
    description: '',
    models: [],
    temperature: null,
    systemPrompt: '',
    capabilities: [],
    ask: [],
    approvalRequired: [],
    approvals: 'boundaries',
    lifecycle: 'on-demand',
    sandbox: {
      kind: 'namespace',
      image: null,
      loopback: false,
      unixSockets: false,
      limits: sandboxLimitsSchema.parse({}),
    },
    folders: [],
    folderMode: 'rw',
    network: [],
    skills: '*',
    memory: {
      contextTokens: 100_000,
      maxMessages: null,
      summarizationModel: null,
      summarizationThreshold: 0.7,
      archiveDays: null,
      episodic: true,
      episodicMostRecords: 100,
      episodicMostBytes: 4096,
    },
    notes: { mostCount: 64, mostBytes: 4096, section: 'off' },
    budget: null,
    limits: {
      iterations: 50,
      tokens: 1_000_000,
      outputTokens: 1000,
      seconds: null,
      nudges: 0,
      continuations: 0,
      children: 3,
      depth: 3,
      repeats: 100,
    },
    outputTool: null,
    ...said,
  };
}

/** Whose hands they are: a call of its own each time. */
export function someHandsOf(said: { agent?: Partial<Agent>; session?: Id<'session'> } = {}): HandsOf {
  const now = new Date();
  return {
    agent: someAgent(said.agent),
    session: said.session ?? newId('session', now),
    call: newId('call', now),
    folders: [],
  };
}
