import { z } from 'zod';
import { found } from '../results.ts';
import { tool } from '../tool.ts';

const address = z.email().max(320);
const addresses = z.preprocess(
  (given) => (typeof given === 'string' ? [given] : given),
  z.array(address).max(50),
);

export const sendEmail = tool({
  name: 'send_email',
  title: 'Send a mail',
  description:
    'Sends one mail from the person’s own account. The person is asked before it goes out, and sees all of it. Returns its id and who was accepted.',
  input: z.strictObject({
    to: addresses.refine((list) => list.length > 0, 'names nobody'),
    cc: addresses.default([]),
    bcc: addresses.default([]),
    subject: z
      .string()
      .min(1)
      .max(998)
      .regex(/^[^\r\n]*$/, 'is one line'),
    text: z.string().min(1).max(200_000),
    html: z.string().max(500_000).nullable().default(null),
  }),
  needs: 'tool: send_email, and a mail account in Settings',
  repeatable: false,
  parallel: false,
  surface: 'broker',
  action: true,
  intends: ({ to, cc, bcc }) => [
    { kind: 'action', what: `sends a mail to ${[...to, ...cc, ...bcc].join(', ')}` },
  ],
  preview: ({ to, subject }) => `to ${to.join(', ')}: ${subject}`,
  async run(mail, hands, signal) {
    return found(await hands.mail.send(mail, signal));
  },
});
