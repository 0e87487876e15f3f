import { z } from 'zod';
import { intendedPath, pathInput, wholePath } from '../files/paths.ts';
import { failed, found } from '../results.ts';
import { tool } from '../tool.ts';
import { addressInput, networkOf } from './web-address.ts';
import { followed } from './web-fetch.ts';

export const webSave = tool({
  name: 'web_save',
  title: 'Save a page',
  description:
    'Gets an address by HTTP and writes its body as it is to a file (max_bytes, 10 MB by default). Nothing is written where the answer is no success, is empty or is larger. Redirects are followed on the same host, at most 5. To read a page, use web_fetch.',
  input: z.strictObject({
    url: addressInput,
    path: pathInput,
    max_bytes: z.int().min(1).max(50_000_000).default(10_000_000),
  }),
  needs: 'network of the host, asked again for each redirect; file_write of the path',
  repeatable: true,
  parallel: false,
  surface: 'broker',
  action: false,
  intends: ({ url, path }, folder) => [
    networkOf(new URL(url)),
    { kind: 'write', path: intendedPath(path, folder) },
  ],
  preview: ({ url, path }) => `${url} to ${path}`,
  async run({ url, path, max_bytes: most }, hands, signal) {
    const { answer, at } = await followed(hands, new URL(url), most, signal);
    const { status, body, cut } = answer;
    if (status < 200 || status > 299)
      return failed(`${at.href.slice(0, 2000)} answered with status ${status}.`);
    if (cut) return failed(`${at.host} has more than ${most.toLocaleString('en')} bytes there.`);
    if (body.length === 0 || body.toString('latin1').trim() === '') {
      return failed(`${at.href.slice(0, 2000)} answered with nothing.`);
    }
    const written = await hands.files.write(wholePath(path, hands.folder), body, { how: 'replace' });
    const type = answer.headers['content-type'] ?? 'unknown';
    return found({
      url: at.href,
      status,
      content_type: type,
      path: written.path,
      bytes_written: body.length,
    });
  },
});
