import type { Carried } from './carry-call.ts';
import type { ToolCall } from './tool.ts';

/** Of all programs together, unless the setting says otherwise. */
const usualOfAll = 512;

/** Calls that are under way at the same time: each takes a place, and has it until it is over, however that is. */
export class Places {
  #taken = 0;

  /** Null where all are taken; the returned function gives it back. */
  take(most: number): (() => void) | null {
    if (this.#taken >= most) return null;
    this.#taken++;
    let back = false;
    return () => {
      if (back) return;
      back = true;
      this.#taken--;
    };
  }
}

export interface CallPlaces {
  /** Of one caller, whatever connections it has. */
  readonly own: Places;
  readonly all: Places;
}

/** Carries a call out where there is a place for it: one that waits holds something of the house for as long. */
export async function inPlace(
  { own, all }: CallPlaces,
  { house, caller }: Pick<ToolCall, 'house' | 'caller'>,
  work: () => Promise<Carried>,
): Promise<Carried> {
  const most = caller.rights.callsAtOnce;
  const leave = own.take(most);
  if (!leave) {
    const words = `${most} calls of yours are under way, and more you may not have at once.`;
    return { kind: 'failed', text: `${words}\n${instead}` };
  }
  try {
    const mostOfAll = house.record.settings()['mcp.callsAtOnce'] ?? usualOfAll;
    const leaveAll = all.take(mostOfAll);
    if (!leaveAll) {
      const words = `${mostOfAll} calls by MCP are under way, and more Holdfast does not take at once.`;
      return {
        kind: 'failed',
        text: `${words}\nTry again when others are over; the setting mcp.callsAtOnce says how many.`,
      };
    }
    return await work().finally(leaveAll);
  } finally {
    leave();
  }
}

const instead =
  'Wait until one is over, or cancel one. Without `wait`, submit_goal and run_agent answer at once, and get_run tells how it goes on.';
