import type { CallGround } from '../../agents/call-ground.ts';
import { outsideAllowed } from '../../approvals/outside-allowed.ts';
import type { AllowedTool } from '../../tools/allowed-tool.ts';
import { callHands } from './hands/call-hands.ts';
import type { LiveAgentSession } from './live-agent-session.ts';
import { plannedCall } from './planned-call.ts';
import { heldTools } from './surroundings.ts';

/** What the calls of a session are carried out on. */
export function groundOf(live: LiveAgentSession, waits: CallGround['waits']): CallGround {
  const { facts, rights, rooms, changeable, sandbox } = live.needs;
  return {
    // A tool without a token is answered by the token’s refusal, which is on the record.
    tool: (name) => rooms.tools.find((tool) => tool.name === name),
    toolNames: () => heldTools(live).map(({ name }) => name),
    async authorize(name) {
      await rights.authorize({ kind: 'tool', name });
    },
    async refusal(tool, input, skills) {
      const folder = facts.folders[0]?.path ?? null;
      const outsideOf = (allowed: readonly AllowedTool[]) =>
        outsideAllowed(allowed, { tool: tool.name, intents: tool.intends(input, folder), folder });
      for (const skill of skills) {
        const why = await rooms.hands.refusal({ agent: facts.agent }, skill, tool.name, outsideOf);
        if (why !== null) return why;
      }
      return null;
    },
    surfaceOf: ({ surface }) => (surface === 'sandbox' ? facts.sandbox : surface),
    planned(call, tool, input) {
      return plannedCall(facts, changeable.approvals, call, tool, input, sandbox.kept);
    },
    unattended: () => facts.unattended,
    dropped: (call, reason) => live.needs.endChildren(live.id, call, reason),
    hands: (call, tool, signal) => callHands(live, call, tool, signal),
    waits,
  };
}
