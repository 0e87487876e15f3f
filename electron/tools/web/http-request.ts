import { z } from 'zod';
import { Problem } from '../../../shared/problem.ts';
import { found } from '../results.ts';
import { tool } from '../tool.ts';
import { addressInput, networkOf } from './web-address.ts';

const patience = 15_000;
const most = 1024;
/** What a request says of itself is decided here, not by the model. */
const own = /^(host|content-length|transfer-encoding|connection|upgrade|te|trailer|expect|proxy-.*)$/i;

export const httpRequest = tool({
  name: 'http_request',
  title: 'Send a request',
  description:
    'Sends one HTTP request that may change something outside (a webhook, an API), and returns the status and the first kilobyte of the answer. The person is asked before it goes out. Redirects are not followed. To read a page, use web_fetch.',
  input: z.strictObject({
    url: addressInput,
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
    headers: z
      .record(
        z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
        z
          .string()
          .max(4096)
          .regex(/^[^\r\n\0]*$/),
      )
      .default({}),
    json: z.json().optional().describe('The body as JSON'),
    body: z.string().max(1_000_000).optional().describe('The body as text, where it is no JSON'),
  }),
  needs: 'network of the host',
  repeatable: false,
  parallel: false,
  surface: 'broker',
  action: true,
  intends: ({ url, method }) => {
    const at = new URL(url);
    return [networkOf(at), { kind: 'action', what: `sends ${method} to ${at.host}` }];
  },
  preview: ({ method, url }) => `${method} ${url}`,
  async run({ url, method, headers, json, body }, hands, signal) {
    if (json !== undefined && body !== undefined) {
      throw new Problem('invalid_input', 'There are both json and body.', 'Give one of them.');
    }
    const refused = Object.keys(headers).find((name) => own.test(name));
    if (refused !== undefined) {
      throw new Problem('invalid_input', `The header ${refused} is set by Holdfast itself.`, 'Leave it out.');
    }
    const content = json === undefined ? body : JSON.stringify(json);
    const answer = await hands.web.request(
      {
        url: new URL(url),
        method,
        headers: {
          'user-agent': 'Holdfast',
          ...(json !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        body: content === undefined ? null : Buffer.from(content),
        most,
        timeoutMs: patience,
      },
      signal,
    );
    const ok = answer.status >= 200 && answer.status < 300;
    const told = { status: answer.status, body: answer.body.toString('utf8'), truncated: answer.cut };
    return { ...found(told), ok };
  },
});
