import { useEffect, useState } from 'react';
import { agentNameSchema } from '../../../shared/agent.ts';
import type { AgentEntry } from '../../../shared/contract/agents.ts';
import { type ModelWay, newCommandAgent, waysOf } from '../../../shared/new-command-agent.ts';
import { useHouse } from '../../bridge/house.ts';
import { ProblemNote } from '../../bridge/ProblemNote.tsx';
import { useTask } from '../../bridge/use-task.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { PresetChoice } from './PresetChoice.tsx';

/** What no agent’s name begins with. */
const presetMark = 'preset:';

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
  const [chosenWay, setChosenWay] = useState<ModelWay | null>(null);
  const checked = agentNameSchema.safeParse(name);
  const taken = agents.some((each) => each.name === name && each.origin === 'yours');
  const { run: look, result: presets } = useTask((signal) => client.agents.presets(undefined, { signal }));
  useEffect(() => {
    if (open) void look();
  }, [open, look]);
  const preset = presets?.find((each) => `${presetMark}${each.name}` === parent) ?? null;
  const way = preset && (waysOf(preset).find((each) => each === chosenWay) ?? waysOf(preset)[0] ?? null);
  const make = useTask(async (_signal) => {
    const text = preset
      ? newCommandAgent(name, preset, way)
      : `name: ${name}\nextends: ${parent}\ndescription: What it is for, in one sentence.\n`;
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
      words="It begins with everything another agent has, or is a command; its file then says what is different."
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
            options={[
              ...agents.filter(({ agent }) => agent).map((each) => ({ value: each.name, label: each.name })),
              ...(presets ?? []).map((each) => ({
                value: `${presetMark}${each.name}`,
                label: `${each.title}, on a fresh clone`,
              })),
            ]}
            onChange={setParent}
          />
        )}
      </Field>
      {preset && <PresetChoice preset={preset} way={way} onChoose={setChosenWay} />}
      <ProblemNote problem={make.problem} />
    </Dialog>
  );
}
