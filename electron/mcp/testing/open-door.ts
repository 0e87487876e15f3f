import { onTestFinished } from 'vitest';
import type { Id } from '../../../shared/ids.ts';
import { type McpRights, mcpRightsSchema } from '../../../shared/mcp.ts';
import { mcpTools } from '../../../shared/mcp-tools.ts';
import { Problem } from '../../../shared/problem.ts';
import { systemClock } from '../../base/clock.ts';
import { silentLog } from '../../base/log.ts';
import type { AuditRecord } from '../../audit/record.ts';
import type { Gateway } from '../../gateway/gateway.ts';
import type { HouseBehind } from '../reaching/house.ts';
import { McpDoor } from '../mcp-door.ts';

export interface TestDoor {
  readonly door: McpDoor;
  /** Where it listens. */
  readonly address: string;
  /** Makes a token with rights for MCP; answers with its value and its id. */
  readonly program: (rights?: Partial<McpRights>) => Promise<{ value: string; id: Id<'token'> }>;
}

const nowhere = () => Promise.reject(new Problem('unavailable', 'There is none here.'));
const nothing = {
  runs: nowhere,
  planning: nowhere,
  agents: nowhere,
  agentSessions: nowhere,
  approvals: nowhere,
};

const person = { kind: 'operator' } as const;

/** The door of a house, listening on a free port. */
export async function openTestDoor(
  house: { record: AuditRecord; gateway: Gateway },
  rooms: Partial<HouseBehind['rooms']> = {},
): Promise<TestDoor> {
  const behind = { ...house, rooms: { ...nothing, ...rooms } };
  const door = new McpDoor({ ...behind, clock: systemClock, log: silentLog(), usualPort: 0 });
  onTestFinished(() => door.close());
  const { address } = await door.serve({ on: true, port: null }, person);
  const about = { name: 'a program', caller: 'client', procedures: [], expires: null } as const;
  return {
    door,
    address: address ?? '',
    async program(rights = {}) {
      const mcp = mcpRightsSchema.parse({ tools: [...mcpTools], ...rights });
      const { value, token } = await house.gateway.tokens.create({ ...about, mcp }, person);
      return { value, id: token.id };
    },
  };
}
