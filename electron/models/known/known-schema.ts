import { z } from 'zod';

export const providerNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'small letters, digits, dash and underscore');

/** Without a user name or a password in it: those would end up in logs. */
export const baseUrlSchema = z
  .string()
  .max(1000)
  .refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    return (
      url !== null &&
      /^https?:$/.test(url.protocol) &&
      url.username === '' &&
      url.password === '' &&
      url.hash === ''
    );
  }, 'must be an http or https URL without a user name');

const dollars = z.number().min(0).max(100_000);
const rates = {
  input: dollars,
  output: dollars,
  cache_read: dollars.optional(),
  cache_write: dollars.optional(),
};
export const priceSchema = z.strictObject({
  ...rates,
  above: z.strictObject({ tokens: z.int().min(1), ...rates }).optional(),
});
export type Price = z.infer<typeof priceSchema>;

const seconds = z.number().min(0.001).max(86_400);
export const knownProviderSchema = z.strictObject({
  title: z.string().min(1).max(80),
  wire: z.enum(['messages', 'chat']),
  base_url: baseUrlSchema,
  secret: z.string().max(80).optional(),
  variable: z.string().max(80).optional(),
  /** On this machine, without a key and without a price. */
  local: z.boolean().default(false),
  listing: z.enum(['openai', 'ollama']).default('openai'),
  /** What the names of its models begin with, for files that name a model without its provider. */
  names: z.array(z.string().min(1).max(40)).max(20).default([]),
  /** A path that wants the key, where the list of models does not. */
  check: z.string().max(200).startsWith('/').optional(),
  start: z.string().max(500).optional(),
  output_bound: z.enum(['max_tokens', 'max_completion_tokens']).default('max_tokens'),
  thinking_back: z.literal('reasoning_content').optional(),
  /** Calls at a time, and calls begun in a minute at most. */
  concurrency: z.int().min(1).max(1000).optional(),
  per_minute: z.int().min(1).max(100_000).optional(),
  /** Seconds until the connection stands, until it must have begun to answer, until its first words, between any two, and altogether. */
  patience: z
    .strictObject({
      // A fetch of Node’s gives a connection up after ten seconds itself.
      connect: seconds.max(10).optional(),
      open: seconds.optional(),
      first: seconds.optional(),
      idle: seconds.optional(),
      total: seconds.optional(),
    })
    .default({}),
});
export type KnownProvider = z.infer<typeof knownProviderSchema>;

export const knownModelSchema = z.strictObject({
  context: z.int().min(512).max(100_000_000).optional(),
  output: z.int().min(16).max(100_000_000).optional(),
  images: z.boolean().optional(),
  /** False where it is refused. */
  temperature: z.boolean().default(true),
  price: priceSchema.optional(),
});
export type KnownModel = z.infer<typeof knownModelSchema>;

/** The file's frame; its entries are checked one by one, so that one that is wrong costs no other. */
export const knownFileSchema = z.strictObject({
  as_of: z.iso.date().optional(),
  providers: z.record(z.string(), z.unknown()).nullish(),
  models: z.record(z.string(), z.unknown()).nullish(),
});
