import type { MethodologyLook } from '../../../shared/methodology.ts';
import type { Methodology } from '../methodology.ts';
import { canonicalVersion } from './canonical-request.ts';
import { outputsOf, protocolOrder } from './protocol-order.ts';
import { triggerWords } from './triggers.ts';

export function lookOf({ folder, manifest, triggers, types }: Methodology): MethodologyLook {
  const { name, protocols } = manifest;
  return {
    name,
    folder,
    types: [...types.values()].map((type) => ({
      name: type.name,
      description: descriptionOf(type.schema),
      producers: protocols.filter((each) => outputsOf(each).includes(type.name)).map((each) => each.name),
      canonical: canonicalVersion(type.schema),
    })),
    protocols: protocols.map((protocol, i) => ({
      name: protocol.name,
      requires: protocol.requires,
      accepts: protocol.accepts,
      produces: protocol.produces,
      mayProduce: protocol.may_produce,
      choices: protocol.required_output_choices,
      scoped: protocol.scoped,
      trigger: triggerWords(triggers[i]!),
    })),
    order: [...protocolOrder(protocols).order],
  };
}

const longest = 500;

function descriptionOf(schema: unknown): string {
  const { description, title } = (typeof schema === 'object' && schema !== null ? schema : {}) as {
    description?: unknown;
    title?: unknown;
  };
  const said = [description, title].find((one) => typeof one === 'string');
  return typeof said === 'string' ? said.slice(0, longest) : '';
}
