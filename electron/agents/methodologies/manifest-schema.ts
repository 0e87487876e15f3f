import { z } from 'zod';
import { segmentSchema } from '../../../shared/command-agent.ts';

const names = z.array(segmentSchema).max(500).default([]);

/** `manifest.toml` without its triggers, whose form is checked by itself. */
export function manifestSchema() {
  return z.strictObject({
    name: z.string().trim().min(1).max(200),
    artifact_types: z.array(z.strictObject({ name: segmentSchema })).max(500),
    protocols: z
      .array(
        z.strictObject({
          name: segmentSchema,
          requires: names,
          accepts: names,
          produces: names,
          may_produce: names,
          required_output_choices: z
            .array(z.strictObject({ name: segmentSchema, members: names }))
            .max(100)
            .default([]),
          scoped: z.boolean().default(false),
          trigger: z.record(z.string(), z.unknown()),
        }),
      )
      .max(500),
  });
}

export type Manifest = z.output<ReturnType<typeof manifestSchema>>;
export type DeclaredProtocol = Manifest['protocols'][number];
