import { expect, test } from 'vitest';
import { readCapability } from '../../shared/capability/text.ts';
import type { AllowedTool } from '../tools/allowed-tool.ts';
import { tools } from '../tools/catalogue.ts';
import type { Intent } from '../tools/tool.ts';
import { outsideAllowed } from './outside-allowed.ts';

const folder = '/home/me/project';

const only = (tool: string, text: string): AllowedTool => {
  const capability = readCapability(text);
  if (capability.kind === 'exec' || capability.kind === 'network') return { tool, only: capability };
  throw new Error(text);
};
const plain = (tool: string): AllowedTool => ({ tool, only: null });

const git = [only('exec', 'exec: git *'), only('exec', 'exec: npm run test *'), plain('file_read')];

const run = (line: string, allowed: readonly AllowedTool[] = git) => {
  const intents: Intent[] = [{ kind: 'shell', line, cwd: folder, writes: true }];
  return outsideAllowed(allowed, { tool: 'exec', intents, folder });
};

test('every command of a line has to be one that the pattern names', async () => {
  for (const line of [
    'git status',
    'git log --oneline | git diff --stat',
    'cd sub && git add . && git commit -m "what; rm x"',
    'git status || echo none',
    'timeout 5 git fetch',
    "bash -c 'git log'",
    'git hash-object --stdin < notes.txt',
    'npm run test -- --watch=false',
    'git log >/dev/null 2>&1',
    '(git status; git log) &',
  ]) {
    expect(await run(line), line).toBeNull();
  }
});

test('what is joined to it, hidden in it, or not written out is outside', async () => {
  for (const line of [
    'git log; rm x',
    'git log\nrm x',
    'git log && rm x',
    'git log | sh',
    'git log & rm x',
    'git $(x)',
    'git `x`',
    'git log "$(rm x)"',
    'git $X',
    'git *',
    'git {log,-c}',
    '$GIT log',
    'GIT_SSH=x git fetch',
    'env GIT_SSH=x git fetch',
    'export GIT_SSH=x; git fetch',
    'git -c alias.x=!sh x',
    'git -calias.x=!sh x',
    'git --config-env=alias.x=A x',
    'git --exec-path=/tmp log',
    'git -C /elsewhere log',
    'git log --output=/tmp/x',
    'git fetch --upload-pack=x',
    'git clone ext::sh',
    './git log',
    '/tmp/git log',
    'gitk',
    'git() { rm x; }; git log',
    'alias git=rm; git x',
    'git log > out.txt',
    'git log <(rm x)',
    'eval git log',
    'sudo git log',
    'xargs git log < x; xargs rm',
    'find . -exec git log ;',
    'cd /etc && git log',
    'for x in a; do git log; done',
    "bash -c 'git log; rm x'",
    "bash -c 'git log' rm",
    "sh -c 'git log'",
    'npm run build',
    'npm run testing',
    'npm run',
    '# git log',
    'git log \u0007',
    '',
  ]) {
    expect(await run(line), line).not.toBeNull();
  }
});

test('redirections belong to the tools of files, and a whole tool needs no pattern', async () => {
  expect(await run('git log > out.txt', [...git, plain('file_write')])).toBeNull();
  expect(await run('git log < x', [git[0]!])).toContain('< x');
  expect(await run('rm -rf $(x)', [...git, plain('exec')])).toBeNull();
  expect(await run('make', [only('exec', 'exec: make')])).toBeNull();
  expect(await run('make all', [only('exec', 'exec: make')])).toBe('“make all”');
  expect(await run('GIT_SSH=x git log')).toBe('“GIT_SSH=x” (it sets a variable)');
});

test('a pattern of one tool says nothing of another', async () => {
  const intents: Intent[] = [{ kind: 'shell', line: 'git log', cwd: null, writes: true }];
  expect(await outsideAllowed(git, { tool: 'job_submit', intents, folder })).not.toBeNull();
  const hosts = [
    only('web_fetch', 'network: *.example.org'),
    only('http_request', 'network: api.example.org'),
  ];
  const ask = (name: string, url: string) => {
    const tool = tools.find((one) => one.name === name)!;
    return outsideAllowed(hosts, {
      tool: name,
      folder,
      intents: tool.intends(tool.input.parse({ url }), folder),
    });
  };
  expect(await ask('web_fetch', 'https://docs.example.org/x')).toBeNull();
  for (const url of [
    'https://example.org',
    'https://example.org.evil.net',
    'https://evil.net/docs.example.org',
  ]) {
    expect(await ask('web_fetch', url), url).not.toBeNull();
  }
  expect(await ask('http_request', 'https://api.example.org/x')).toBeNull();
  expect(await ask('http_request', 'https://docs.example.org/x')).toBe('“docs.example.org:443”');
});
