/** One field of a tool’s input, as far as a form can ask for it. */
export interface InputField {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'choice';
  readonly required: boolean;
  readonly hint: string;
  readonly choices: readonly string[];
  readonly placeholder: string;
}

export type TypedInput = Readonly<Record<string, string | boolean>>;

const most = 20;

interface LooseSchema {
  readonly type?: unknown;
  readonly properties?: unknown;
  readonly required?: unknown;
  readonly enum?: unknown;
  readonly description?: unknown;
  readonly default?: unknown;
}

const asSchema = (value: unknown): LooseSchema => (typeof value === 'object' && value !== null ? value : {});

/** The fields of an input whose parts are all plain; null where only JSON can say it. A schema is a stranger’s: nothing in it is believed. */
export function fieldsOf(input: unknown): InputField[] | null {
  const { type, properties = {}, required } = asSchema(input);
  if (type !== 'object' || typeof properties !== 'object' || properties === null) return null;
  const entries = Object.entries(properties as Record<string, unknown>);
  if (entries.length > most) return null;
  const needed = new Set<unknown>(Array.isArray(required) ? required : []);
  const fields = entries.map(([name, part]) => fieldOf(name, asSchema(part), needed.has(name)));
  return fields.every((field) => field !== null) ? fields : null;
}

function fieldOf(name: string, part: LooseSchema, required: boolean): InputField | null {
  const hint = typeof part.description === 'string' ? part.description.slice(0, 300) : '';
  const preset = ['string', 'number'].includes(typeof part.default) ? String(part.default) : '';
  const common = { name, required, hint, placeholder: preset.slice(0, 100), choices: [] };
  if (Array.isArray(part.enum)) {
    const choices = part.enum.filter((each): each is string => typeof each === 'string');
    return choices.length === part.enum.length && choices.length <= 100
      ? { ...common, kind: 'choice', choices }
      : null;
  }
  if (part.type === 'string') return { ...common, kind: 'text' };
  if (part.type === 'number' || part.type === 'integer') return { ...common, kind: 'number' };
  if (part.type === 'boolean') return { ...common, kind: 'boolean' };
  return null;
}

/** What was typed as the input it stands for; what was left empty is left out. */
export function inputOf(
  fields: readonly InputField[],
  typed: TypedInput,
): { input: Record<string, unknown> } | { wrong: Readonly<Record<string, string>> } {
  const wrong: Record<string, string> = {};
  const input: Record<string, unknown> = {};
  for (const { name, kind, required } of fields) {
    const value = typed[name];
    if (kind === 'boolean') {
      if (value !== undefined) input[name] = value === true;
      continue;
    }
    const text = typeof value === 'string' ? value : '';
    if (text === '') {
      if (required) wrong[name] = 'It is needed.';
    } else if (kind === 'number') {
      if (Number.isFinite(Number(text))) input[name] = Number(text);
      else wrong[name] = 'A number.';
    } else {
      input[name] = text;
    }
  }
  return Object.keys(wrong).length > 0 ? { wrong } : { input };
}
