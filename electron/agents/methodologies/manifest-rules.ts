import type { DeclaredProtocol, Manifest } from './manifest-schema.ts';
import { outputsOf, protocolOrder } from './protocol-order.ts';
import { typesOf, type Trigger } from './triggers.ts';

type Tell = (path: readonly PropertyKey[], message: string) => void;

export interface ManifestRuling {
  /** What keeps it from being used. */
  readonly tell: Tell;
  /** What is worth knowing and keeps nobody. */
  readonly note: Tell;
}

/** Everything that a manifest has to fulfil beyond its form. */
export function judgeManifest(
  { artifact_types: types, protocols }: Manifest,
  triggers: readonly (Trigger | null)[],
  { tell, note }: ManifestRuling,
): void {
  const declared = new Set(types.map(({ name }) => name));
  doubles(types, 'artifact_types', 'artifact type', tell);
  doubles(protocols, 'protocols', 'protocol', tell);
  protocols.forEach((protocol, i) => {
    const path = ['protocols', i];
    const say = (field: string, named: readonly string[], how: Tell) =>
      named.forEach((type, at) => {
        if (!declared.has(type)) how([...path, field, at], undeclared(protocol.name, type));
      });
    say('requires', protocol.requires, tell);
    say('produces', protocol.produces, tell);
    say('accepts', protocol.accepts, note);
    say('may_produce', protocol.may_produce, note);
    judgeChoices(protocol, [...path, 'required_output_choices'], declared, tell);
    const trigger = triggers[i];
    for (const type of trigger ? typesOf(trigger) : [])
      if (!declared.has(type)) tell([...path, 'trigger'], undeclared(protocol.name, type));
  });
  const { circle } = protocolOrder(protocols);
  if (circle.length > 0) {
    note(['protocols'], `${circle.map((name) => `“${name}”`).join(', ')} wait for one another in a circle.`);
  }
}

const undeclared = (protocol: string, type: string) =>
  `“${protocol}” names the artifact type “${type}”, which is not declared.`;

/** What only a scoped protocol may produce. */
export function judgeScope(
  { protocols }: Manifest,
  wantsWorkUnit: (type: string) => boolean,
  tell: Tell,
): void {
  protocols.forEach((protocol, i) => {
    if (protocol.scoped) return;
    const type = outputsOf(protocol).find(wantsWorkUnit);
    if (type === undefined) return;
    tell(
      ['protocols', i],
      `“${protocol.name}” produces “${type}”, which requires “work_unit”: it must say “scoped = true”.`,
    );
  });
}

function judgeChoices(
  { name, required_output_choices: choices, produces, may_produce: may }: DeclaredProtocol,
  path: readonly PropertyKey[],
  declared: ReadonlySet<string>,
  tell: Tell,
): void {
  doubles(choices, path, `choice of “${name}”`, tell);
  const taken = new Set([...produces, ...may]);
  choices.forEach((choice, i) => {
    if (choice.members.length < 2)
      tell([...path, i, 'members'], `The choice “${choice.name}” of “${name}” has fewer than two members.`);
    choice.members.forEach((member, at) => {
      const place = [...path, i, 'members', at];
      if (!declared.has(member)) tell(place, undeclared(name, member));
      if (taken.has(member)) tell(place, `“${name}” produces “${member}” in another place already.`);
      taken.add(member);
    });
  });
}

function doubles(
  all: readonly { name: string }[],
  path: string | readonly PropertyKey[],
  what: string,
  tell: Tell,
): void {
  const above = typeof path === 'string' ? [path] : path;
  const seen = new Set<string>();
  all.forEach(({ name }, i) => {
    if (seen.has(name)) tell([...above, i, 'name'], `The ${what} “${name}” is declared twice.`);
    seen.add(name);
  });
}
