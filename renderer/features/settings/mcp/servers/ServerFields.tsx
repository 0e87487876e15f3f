import { FolderLines } from '../../../../bridge/FolderLines.tsx';
import { HostsField } from '../../../../bridge/PlaceFields.tsx';
import { Checkbox } from '../../../../ui/Checkbox.tsx';
import { Choice } from '../../../../ui/Choice.tsx';
import { Field, TextInput } from '../../../../ui/Field.tsx';
import type { ReadServer, ServerForm } from './server-form.ts';
import { ValueLines } from './ValueLines.tsx';

const kinds = [
  { value: 'stdio' as const, label: 'A command', detail: 'run here, in a sandbox' },
  { value: 'http' as const, label: 'An address', detail: 'over HTTP' },
  { value: 'sse' as const, label: 'An older address', detail: 'with server-sent events' },
];

interface FieldsProps {
  form: ServerForm;
  wrong: ReadServer['wrong'];
  set: (change: Partial<ServerForm>) => void;
}

export function ServerFields(props: FieldsProps) {
  const { form, wrong, set } = props;
  return (
    <>
      <Field label="Name" hint="Its tools are then called mcp.NAME.TOOL." wrong={wrong.name}>
        {(control) => (
          <TextInput
            {...control}
            mono
            autoFocus
            placeholder="issues"
            value={form.name}
            onChange={(event) => set({ name: event.target.value.trim() })}
          />
        )}
      </Field>
      <Choice label="It is" value={form.kind} options={kinds} onChange={(kind) => set({ kind })} />
      {form.kind === 'stdio' ? <CommandFields {...props} /> : <AddressFields {...props} />}
    </>
  );
}

function CommandFields({ form, wrong, set }: FieldsProps) {
  return (
    <>
      <Field
        label="Command"
        hint="Words, with quotation marks where one holds spaces; no shell reads them."
        wrong={wrong.command}
      >
        {(control) => (
          <TextInput
            {...control}
            mono
            placeholder="mcp-server-filesystem /home/me/notes"
            value={form.command}
            onChange={(event) => set({ command: event.target.value })}
          />
        )}
      </Field>
      <ValueLines
        legend="Environment"
        one="variable"
        lines={form.environment}
        wrong={wrong.environment}
        onChange={(environment) => set({ environment })}
      />
      <FolderLines folders={form.folders} wrong={wrong.folders} onChange={(folders) => set({ folders })} />
      <HostsField
        label="Network"
        hint="Hosts that it may connect to; empty: none."
        value={form.hosts}
        wrong={wrong.hosts}
        onChange={(hosts) => set({ hosts })}
      />
    </>
  );
}

function AddressFields({ form, wrong, set }: FieldsProps) {
  return (
    <>
      <Field label="Address" wrong={wrong.url}>
        {(control) => (
          <TextInput
            {...control}
            mono
            placeholder="https://mcp.example.org/mcp"
            value={form.url}
            onChange={(event) => set({ url: event.target.value })}
          />
        )}
      </Field>
      <ValueLines
        legend="Headers"
        one="header"
        hasPrefix
        lines={form.headers}
        wrong={wrong.headers}
        onChange={(headers) => set({ headers })}
      />
      <Checkbox checked={form.signsIn} onChange={(signsIn) => set({ signsIn })}>
        I sign in to it with a browser (OAuth)
      </Checkbox>
      {form.signsIn && (
        <Field label="Scopes" hint="With spaces between them; empty: what it gives by itself.">
          {(control) => (
            <TextInput
              {...control}
              mono
              value={form.scopes}
              onChange={(event) => set({ scopes: event.target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}
