import { useState } from 'react';
import { agentNameSchema } from '../../../shared/agent.ts';
import type { AgentEntry } from '../../../shared/contract/agents.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';

/** A new file that begins with what another agent has. */
export function NewAgentDialog({
  open,
  onClose,
  agents,
  onMade,
}: {
  open: boolean;
  onClose: () => void;
  agents: readonly AgentEntry[];
  onMade: (name: string) => void;
}) {
  const { client } = useHouse();
  const [name, setName] = useState('');
  const [parent, setParent] = useState('generalist');
  const checked = agentNameSchema.safeParse(name);
  const taken = agents.some((each) => each.name === name && each.origin === 'yours');
  const make = useTask(async (_signal) => {
    const text = `name: ${name}\nextends: ${parent}\ndescription: What it is for, in one sentence.\n`;
    await client.agents.save({ name, text, before: null });
    setName('');
    onMade(name);
  });
  const wrong = taken
    ? 'There is one of yours with this name.'
    : name === '' || checked.success
      ? undefined
      : 'Small letters, digits, dash and underscore, starting with a letter.';
  return (
    <Dialog
      title="New agent"
      words="It begins with everything another agent has; its file then says what is different."
      open={open}
      onClose={onClose}
      lead={{
        label: 'Make',
        disabled: !checked.success || taken,
        busy: make.busy,
        run: () => void make.run(),
      }}
    >
      <Field label="Name" wrong={wrong}>
        {(control) => (
          <TextInput
            {...control}
            mono
            autoFocus
            placeholder="my-coder"
            value={name}
            onChange={(event) => setName(event.target.value.trim())}
          />
        )}
      </Field>
      <Field label="Begins with">
        {(control) => (
          <Select
            {...control}
            value={parent}
            options={agents
              .filter(({ agent }) => agent)
              .map((each) => ({ value: each.name, label: each.name }))}
            onChange={setParent}
          />
        )}
      </Field>
      <ProblemNote problem={make.problem} />
    </Dialog>
  );
}
