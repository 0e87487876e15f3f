import type { Agent } from '../../../../shared/agent.ts';
import { sandboxLimitsSchema } from '../../../../shared/session.ts';

/** An agent with everything said, and of that what a test says otherwise. */
export function someAgent(said: Partial<Agent> = {}): Agent {
  return {
    name: 'tester',
    description: '',
    models: [],
    temperature: null,
    systemPrompt: 'You are tried out.',
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
    folderMode: 'review',
    network: [],
    skills: [],
    memory: {
      contextTokens: 100_000,
      maxMessages: null,
      summarizationModel: null,
      summarizationThreshold: 0.7,
      archiveDays: null,
      episodic: false,
      episodicMostRecords: 100,
      episodicMostBytes: 4096,
    },
    notes: { mostCount: 0, mostBytes: 64, section: 'off' },
    budget: null,
    limits: {
      iterations: 50,
      tokens: 1_000_000,
      outputTokens: 1000,
      seconds: null,
      nudges: 0,
      continuations: 2,
      children: 3,
      depth: 3,
      repeats: 3,
    },
    outputTool: null,
    ...said,
  };
}
