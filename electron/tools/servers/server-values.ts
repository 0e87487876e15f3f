import { Problem } from '../../../shared/problem.ts';
import type { ToolServer } from '../../../shared/tool-server.ts';
import type { Vault } from '../../store/vault.ts';

type Values = Extract<ToolServer['transport'], { kind: 'stdio' }>['environment'];

/** Values as they are declared, those from secrets taken from the vault now: nowhere else are they kept. */
export function resolvedValues(values: Values, vault: Pick<Vault, 'get'>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value === 'string') return [name, value];
      const secret = vault.get(value.secret);
      if (secret !== undefined) return [name, `${value.prefix}${secret}`];
      throw new Problem(
        'not_found',
        `There is no secret “${value.secret}”, from which ${name} is taken.`,
        `Store it with \`holdfast secrets set ${value.secret}\`.`,
      );
    }),
  );
}

/** For people: without a value. */
export function placeOfServer({ transport }: ToolServer): string {
  if (transport.kind === 'stdio') return transport.command.join(' ').slice(0, 4000).toWellFormed();
  const { origin, pathname } = new URL(transport.url);
  return `${origin}${pathname}`.slice(0, 4000);
}
