import { z } from 'zod';
import type { LoopParts } from '../../agents/agent-loop.ts';
import type { CallGround } from '../../agents/call-ground.ts';
import { ScaffoldModels } from '../../agents/scaffold-models.ts';
import { systemPrompt } from '../../agents/prompt.ts';
import type { CallBudgets, ModelTool, SpendLimit } from '../../models/models.ts';
import type { Tool } from '../../tools/tool.ts';
import { Problem } from '../../../shared/problem.ts';
import { heldTools, surroundingsOf } from './surroundings.ts';
import type { LiveAgentSession } from './live-agent-session.ts';
import { paidBy } from './paid-by.ts';

const schemas = new WeakMap<Tool, ModelTool>();

/** What a model is told of a tool: made once for each. */
function modelTool(tool: Tool): ModelTool {
  const known = schemas.get(tool);
  if (known) return known;
  const { name, description } = tool;
  const schema = tool.schema ?? z.toJSONSchema(tool.input, { io: 'input' });
  const made = { name, description, schema };
  schemas.set(tool, made);
  return made;
}

export function budgetsOf({ needs: { facts, changeable, budgetsAbove } }: LiveAgentSession): CallBudgets {
  const above = paidBy(facts.payer, budgetsAbove());
  const own = changeable.budget ? [{ session: facts.id, ...changeable.budget }] : [];
  const run = facts.part && { run: facts.part.run, ...(changeable.runBudget ?? above.run ?? unbounded) };
  return { agent: facts.agent.budget, agents: above.agents, sessions: [...own, ...above.sessions], run };
}

const unbounded: SpendLimit = { tokens: null, micros: null };

/** One loop among those that a session has had: what it still writes, and whether it was left behind. */
export class LoopTie {
  isCut = false;
  /** What it wrote last, until that is durable and known to the conversation. */
  writing: Promise<unknown> = Promise.resolve();
}

export function loopParts(live: LiveAgentSession, ground: CallGround, tie: LoopTie): LoopParts {
  const { parts, rooms, facts, journal } = live.needs;
  const { agent, id: session, folders } = facts;
  return {
    agent,
    session,
    conversation: live.conversation,
    journal: {
      write(entries) {
        // It did not end when it was told to, and has been ended without it.
        if (tie.isCut) return Promise.reject(new Problem('conflict', 'What this belongs to has been ended.'));
        const writing = journal.write(entries).then((written) => {
          live.needs.changed();
          return written;
        });
        tie.writing = writing.catch(() => undefined);
        return writing;
      },
    },
    models: agent.scaffold ? new ScaffoldModels(agent.scaffold, facts.runFolder, parts.clock) : rooms.models,
    approvals: rooms.approvals,
    clock: parts.clock,
    ground,
    chain: () => live.chain(),
    budgets: () => budgetsOf(live),
    tools: () => heldTools(live).map(modelTool),
    async system() {
      await rooms.toolsReady();
      const added = await rooms.hands.prompt({ agent, session, folders });
      return systemPrompt(agent, surroundingsOf(live), added);
    },
    writing: live.desk,
  };
}
