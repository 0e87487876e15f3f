import { z } from 'zod';
import { forOperator } from './procedure.ts';

const foundPageSchema = z.strictObject({ title: z.string(), url: z.string(), excerpt: z.string() });

/** The engine that agents search the web with. */
export const searchContract = {
  try: forOperator
    .route({ method: 'POST', path: '/search/try', summary: 'Search the web as agents would' })
    .input(
      z.strictObject({ query: z.string().trim().min(1).max(400), count: z.int().min(1).max(20).default(5) }),
    )
    .output(z.strictObject({ engine: z.string(), pages: z.array(foundPageSchema) })),
};

export const mailFields = ['mail.host', 'mail.port', 'mail.user', 'mail.secret', 'mail.from', 'to'] as const;

export const mailTrialSchema = z.strictObject({
  ok: z.boolean(),
  accepted: z.array(z.string()),
  problem: z
    .strictObject({
      message: z.string(),
      mend: z.string().nullable(),
      field: z.enum(mailFields).nullable().describe('the setting that it is about, as far as that is known'),
    })
    .nullable(),
});
export type MailTrial = z.infer<typeof mailTrialSchema>;

/** The account that agents’ mails go out by. */
export const mailContract = {
  try: forOperator
    .route({ method: 'POST', path: '/mail/try', summary: 'Send a test message as agents’ mails go out' })
    .input(z.strictObject({ to: z.email().max(320) }))
    .output(mailTrialSchema),
};
