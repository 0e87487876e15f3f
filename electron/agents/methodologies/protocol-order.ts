import type { DeclaredProtocol } from './manifest-schema.ts';

export function outputsOf({
  produces,
  may_produce: may,
  required_output_choices: choices,
}: DeclaredProtocol) {
  return [...produces, ...may, ...choices.flatMap(({ members }) => members)];
}

export interface ProtocolOrder {
  readonly order: readonly string[];
  /** Protocols that wait for one another in a circle. */
  readonly circle: readonly string[];
}

/**
 * In which order protocols come, as it follows from who produces what others need. Where what is merely possible
 * makes a circle, only what must be counts.
 */
export function protocolOrder(protocols: readonly DeclaredProtocol[]): ProtocolOrder {
  const all = sorted(protocols, outputsOf, ({ requires, accepts }) => [...requires, ...accepts]);
  if (all.circle.length === 0) return all;
  return sorted(
    protocols,
    ({ produces }) => produces,
    ({ requires }) => requires,
  );
}

function sorted(
  protocols: readonly DeclaredProtocol[],
  gives: (protocol: DeclaredProtocol) => readonly string[],
  needs: (protocol: DeclaredProtocol) => readonly string[],
): ProtocolOrder {
  const before = new Map(
    protocols.map((protocol) => {
      const wanted = new Set(needs(protocol));
      const first = protocols.filter(
        (other) => other !== protocol && gives(other).some((type) => wanted.has(type)),
      );
      return [protocol.name, new Set(first.map(({ name }) => name))];
    }),
  );
  const order: string[] = [];
  for (;;) {
    const next = [...before].find(([, waits]) => waits.size === 0)?.[0];
    if (next === undefined) break;
    order.push(next);
    before.delete(next);
    for (const waits of before.values()) waits.delete(next);
  }
  return { order: [...order, ...before.keys()], circle: inCircle(before) };
}

/** Of what is left, those that are in a circle themselves: the others only wait for them. */
function inCircle(before: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  return [...before.keys()].filter((name) => {
    const seen = new Set<string>();
    const open = [...(before.get(name) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next === name) return true;
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(...(before.get(next) ?? []));
    }
    return false;
  });
}
