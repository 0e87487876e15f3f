import type { AgentCommand } from '../../../shared/command-agent.ts';
import { Field } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import type { Draft } from './use-draft.ts';

const ways = [
  { value: 'pipes' as const, label: 'Plain pipes' },
  { value: 'terminal' as const, label: 'A terminal' },
];
const models = [
  { value: 'own' as const, label: 'Its own way' },
  { value: 'gateway' as const, label: 'Through Holdfast: no key in the sandbox' },
];

/** What there are few of, of a command. */
export function CommandForm({ command, draft }: { command: AgentCommand; draft: Draft }) {
  return (
    <>
      <Field label="It runs on">
        {(control) => (
          <Select
            {...control}
            value={command.terminal ? 'terminal' : 'pipes'}
            options={ways}
            onChange={(way) => draft.set('command.terminal', way === 'terminal' ? true : null)}
          />
        )}
      </Field>
      <Field label="It comes to its model">
        {(control) => (
          <Select
            {...control}
            value={command.gateway ? 'gateway' : 'own'}
            options={models}
            onChange={(way) => draft.set('command.gateway', way === 'gateway' ? {} : null)}
          />
        )}
      </Field>
    </>
  );
}
