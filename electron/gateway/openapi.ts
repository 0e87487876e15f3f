import { contract } from '../../shared/contract/contract.ts';
import { version } from '../base/version.ts';

let document: Promise<string> | undefined;

/** The OpenAPI document of the contract, made when first asked for: starting should not pay for it. */
export function openApiDocument(): Promise<string> {
  document ??= generate();
  return document;
}

async function generate(): Promise<string> {
  const { OpenAPIGenerator } = await import('@orpc/openapi');
  const { ZodToJsonSchemaConverter } = await import('@orpc/zod/zod4');
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const made = await generator.generate(contract, {
    info: {
      title: 'Holdfast',
      version,
      description:
        'The one contract, for programs. Every call but health and the exchange of a ticket needs a bearer token.',
    },
    servers: [{ url: '/api' }],
    security: [{ bearer: [] }],
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    filter: () => true,
  });
  return JSON.stringify(made);
}
