export type Trigger =
  | { readonly type: 'on_artifact' | 'on_change' | 'on_invalid'; readonly name: string }
  | { readonly type: 'all_of' | 'any_of'; readonly conditions: readonly Trigger[] };

type Path = readonly PropertyKey[];

const onOne: readonly unknown[] = ['on_artifact', 'on_change', 'on_invalid'];
const ofSeveral: readonly unknown[] = ['all_of', 'any_of'];

/** A trigger of any depth; everything that is wrong in it is told. */
export function readTrigger(
  value: unknown,
  path: Path,
  tell: (path: Path, message: string) => void,
): Trigger | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    tell(path, 'A trigger is a table with a “type”.');
    return null;
  }
  const { type, ...rest } = value as Record<string, unknown>;
  const known = onOne.includes(type) ? 'name' : ofSeveral.includes(type) ? 'conditions' : null;
  if (known === null) {
    tell(
      type === undefined ? path : [...path, 'type'],
      `The type of a trigger is one of ${[...onOne, ...ofSeveral].join(', ')}.`,
    );
    return null;
  }
  for (const field of Object.keys(rest)) {
    if (field !== known) tell([...path, field], `A trigger “${String(type)}” has no field “${field}”.`);
  }
  const { [known]: said } = rest;
  if (known === 'name') {
    if (typeof said === 'string' && said !== '') return { type: type as 'on_change', name: said };
    tell([...path, 'name'], `A trigger “${String(type)}” names an artifact type.`);
    return null;
  }
  if (!Array.isArray(said) || said.length === 0) {
    tell([...path, 'conditions'], `A trigger “${String(type)}” has at least one condition.`);
    return null;
  }
  const conditions = said.map((each, i) => readTrigger(each, [...path, 'conditions', i], tell));
  return conditions.includes(null)
    ? null
    : { type: type as 'all_of', conditions: conditions as readonly Trigger[] };
}

export function typesOf(trigger: Trigger): string[] {
  return 'name' in trigger ? [trigger.name] : trigger.conditions.flatMap(typesOf);
}

export function triggerWords(trigger: Trigger): string {
  switch (trigger.type) {
    case 'on_artifact':
      return `there is a valid “${trigger.name}”`;
    case 'on_change':
      return `“${trigger.name}” has changed`;
    case 'on_invalid':
      return `“${trigger.name}” is not valid`;
    case 'all_of':
      return trigger.conditions.map(conditionWords).join(' and ');
    case 'any_of':
      return trigger.conditions.map(conditionWords).join(' or ');
  }
}

function conditionWords(condition: Trigger): string {
  return 'name' in condition ? triggerWords(condition) : `(${triggerWords(condition)})`;
}
