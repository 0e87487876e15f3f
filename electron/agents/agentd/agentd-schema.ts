import { z } from 'zod';

const text = z.string();

const named = {
  name: text,
  base_image: text,
  methodology_dir: text,
  repo: text.optional(),
  schedule: text.optional(),
  repo_token_source: text.optional(),
  mounts: z.array(z.strictObject({ source: text, target: text, read_only: z.boolean() })).default([]),
  credentials: z.array(z.strictObject({ name: text, source: text })).default([]),
};

/** `agentd.toml`: with `agents`, or as its first version was, with `profiles`. */
export function agentdSchema() {
  return z.strictObject({
    daemon: z
      .strictObject({
        socket_path: text.optional(),
        pid_file: text.optional(),
        audit_root: text.optional(),
      })
      .optional(),
    agents: z
      .array(z.strictObject({ ...named, command: z.strictObject({ argv: z.array(text) }) }))
      .max(500)
      .optional(),
    profiles: z
      .array(z.strictObject({ ...named, command: z.array(text) }))
      .max(500)
      .optional(),
  });
}

export type AgentdFile = z.output<ReturnType<typeof agentdSchema>>;

/** One of either kind. */
export type AgentdAgent = Omit<NonNullable<AgentdFile['agents']>[number], 'command'> & {
  readonly argv: readonly string[];
  /** Whether runa runs it, or it is the whole of its session. */
  readonly byRuna: boolean;
};
