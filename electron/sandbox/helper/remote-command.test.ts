import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { Command, RunningCommand } from '../sandbox.ts';
import type { Helper } from './helper.ts';
import { confinementFor, ownFolder, startBare, until } from './testing/bare-helper.ts';

async function told(running: RunningCommand) {
  const out = { stdout: '', stderr: '' };
  for await (const { stream, bytes } of running.output) out[stream] += Buffer.from(bytes).toString();
  return { ...out, end: await running.ended };
}

const run = async (helper: Helper, command: Command | string) =>
  told(await helper.exec(typeof command === 'string' ? { argv: ['sh', '-c', command] } : command));

function bare() {
  const folder = ownFolder();
  fs.mkdirSync(`${folder}/in`);
  const { helper, ...rest } = startBare(confinementFor({ write: [`${folder}/in`] }));
  return { helper, inside: `${folder}/in`, folder, ...rest };
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('codes, signals and what never ran are told apart', async () => {
  const { helper, inside } = bare();
  fs.writeFileSync(`${inside}/no-program`, 'x');
  fs.writeFileSync(`${inside}/lost`, '#!/no/such/interpreter\n', { mode: 0o755 });
  const ends = await Promise.all(
    [
      ['sh', '-c', 'exit 137'],
      ['sh', '-c', 'kill -9 $$'],
      ['no-such-program'],
      ['/no/such/program'],
      [`${inside}/no-program`],
      ['/usr'],
    ].map(async (argv) => (await run(helper, { argv })).end),
  );
  expect(ends).toMatchObject([
    { how: 'exited', code: 137 },
    { how: 'signalled', signal: 9 },
    { how: 'not_started', code: 127 },
    { how: 'not_started', code: 127 },
    { how: 'not_started', code: 126 },
    { how: 'not_started', code: 126 },
  ]);
  const nowhere = await run(helper, { argv: ['true'], cwd: '/no/such/folder' });
  expect(nowhere.end).toMatchObject({ how: 'not_started', code: 126 });
});

test('the environment is exactly what was sent, and the folder the one that was named', async () => {
  const { helper, inside } = bare();
  const { stdout } = await run(helper, {
    argv: ['sh', '-c', 'pwd; tr "\\0" "\\n" < /proc/self/environ'],
    cwd: inside,
    environment: { WORD: 'one two' },
  });
  expect(stdout.trim().split('\n')).toEqual([
    inside,
    'PATH=/usr/bin:/bin',
    'LANG=C.UTF-8',
    'WORD=one two',
    ...(stdout.includes('PWD=') ? [`PWD=${inside}`] : []),
  ]);
});

test('input arrives whole, streams stay apart, large ones too', async () => {
  const { helper } = bare();
  const running = await helper.exec({ argv: ['sh', '-c', 'tee /dev/stderr'] });
  const input = Buffer.alloc(2_000_000, '0123456789');
  const writing = running.write(input).then(() => running.endInput());
  const { stdout, stderr, end } = await told(running);
  await writing;
  expect([stdout.length, stderr.length, end]).toEqual([
    input.length,
    input.length,
    { how: 'exited', code: 0 },
  ]);
});

test('a program that takes no more input does not stop whoever writes', async () => {
  const { helper } = bare();
  const running = await helper.exec({ argv: ['sh', '-c', 'exec <&-; exit 3'] });
  await running.write(Buffer.alloc(1_000_000));
  expect((await told(running)).end).toEqual({ how: 'exited', code: 3 });
});

test('whoever takes no output makes the program wait, and it costs the helper next to nothing', async () => {
  const { helper, process: child } = bare();
  const flood = await helper.exec({ argv: ['sh', '-c', 'yes & yes >&2 & wait'] });
  // Other work goes on while the flood waits.
  for (let each = 0; each < 5; each++) await run(helper, 'true');
  const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8');
  expect(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])).toBeLessThan(8192);
  let taken = 0;
  for await (const { bytes } of flood.output) {
    taken += bytes.length;
    if (taken > 5_000_000) break;
  }
  flood.cancel();
  expect(await flood.ended).toEqual({ how: 'cancelled' });
});

test('cancelling ends whatever it started, in sessions of their own and forked twice', async () => {
  const { helper, inside } = bare();
  const script = `
    (setsid sh -c 'echo $$ > ${inside}/one; exec sleep 1000' &)
    (setsid sh -c 'sh -c "echo \\$\\$ > ${inside}/two; exec sleep 1000" & exit' &)
    until [ -s ${inside}/one ] && [ -s ${inside}/two ]; do sleep 0.01; done
    echo ready; exec sleep 1000`;
  const running = await helper.exec({ argv: ['sh', '-c', script] });
  for await (const { bytes } of running.output) if (Buffer.from(bytes).toString().includes('ready')) break;
  const pids = ['one', 'two'].map((name) => Number(fs.readFileSync(`${inside}/${name}`, 'utf8')));
  expect(pids.map(isAlive)).toEqual([true, true]);
  running.cancel();
  expect(await running.ended).toEqual({ how: 'cancelled' });
  expect(pids.map(isAlive)).toEqual([false, false]);
});

test('a command that ends by itself leaves nothing behind either', async () => {
  const { helper, inside } = bare();
  const { end } = await run(
    helper,
    `(setsid sh -c 'echo $$ > ${inside}/pid; exec sleep 1000' >/dev/null 2>&1 &)
     until [ -s ${inside}/pid ]; do sleep 0.01; done`,
  );
  expect(end).toEqual({ how: 'exited', code: 0 });
  expect(isAlive(Number(fs.readFileSync(`${inside}/pid`, 'utf8')))).toBe(false);
});

test('time that runs out is told as such', async () => {
  const { helper } = bare();
  const { end } = await run(helper, { argv: ['sleep', '1000'], timeoutMs: 50 });
  expect(end).toEqual({ how: 'timed_out' });
});

test('signals reach the command and what runs with it', async () => {
  const { helper } = bare();
  const running = await helper.exec({
    argv: ['sh', '-c', 'trap "exit 9" INT; echo ready; while :; do sleep 0.01; done'],
  });
  for await (const { bytes } of running.output) {
    expect(Buffer.from(bytes).toString()).toBe('ready\n');
    break;
  }
  running.signal('SIGINT');
  expect(await running.ended).toEqual({ how: 'exited', code: 9 });
});

test('one command may be given less than its session, never more', async () => {
  const { helper, inside, folder } = bare();
  fs.mkdirSync(`${inside}/a`);
  fs.mkdirSync(`${inside}/b`);
  fs.writeFileSync(`${inside}/a/file`, 'readable');
  fs.writeFileSync(`${inside}/b/file`, 'not for it');
  fs.writeFileSync(`${folder}/outside`, 'never');
  const rights = { read: [`${inside}/a`], write: [] };
  const script = `cat ${inside}/a/file; cat ${inside}/b/file; echo x > ${inside}/a/new; ls ${folder}`;
  const less = await run(helper, { argv: ['sh', '-c', script], rights });
  expect(less.stdout).toBe('readable');
  expect(less.stderr.match(/Permission denied/g)?.length).toBe(3);
  const more = await run(helper, {
    argv: ['cat', `${folder}/outside`],
    rights: { read: [folder], write: [folder] },
  });
  expect(more).toMatchObject({ stdout: '', end: { how: 'exited', code: 1 } });
  const missing = await run(helper, { argv: ['true'], rights: { read: [`${inside}/none`], write: [] } });
  expect(missing.end).toMatchObject({ how: 'not_started', code: 126 });
});

test('a command that may write nowhere changes nothing about files either', async () => {
  const { helper, inside } = bare();
  const file = `${inside}/file`;
  fs.writeFileSync(file, 'x', { mode: 0o640 });
  fs.utimesSync(file, 1, 1);
  const script = `exec 3<${file}; chmod 777 ${file} /proc/self/fd/3; touch -d 2001-01-01 ${file}; chown 0:0 ${file}; chmod 0 ${inside}; echo goes on`;
  const rights = { read: [inside], write: [] };
  const { stdout } = await run(helper, { argv: ['sh', '-c', script], rights });
  expect(stdout).toBe('goes on\n');
  const { mode, mtimeMs } = fs.statSync(file);
  expect([mode & 0o777, mtimeMs, fs.statSync(inside).mode & 0o777]).toEqual([0o640, 1000, 0o755]);
});

test('a command can neither look into its helper nor signal it', async () => {
  const { helper } = bare();
  const { pid } = await helper.ready;
  const { stdout, stderr } = await run(
    helper,
    `for what in mem environ maps fd/0; do cat /proc/${pid}/$what && echo got-$what; done
     for what in mem environ maps; do cat /proc/$PPID/$what && echo got-$what; done
     kill -9 ${pid} && echo killed; kill -9 $PPID && echo killed; ls /proc/self/fd | wc -l`,
  );
  // Its own listing is the fourth descriptor.
  expect(stdout.trim()).toBe('4');
  expect(stderr).toContain('denied');
  expect((await run(helper, 'echo still')).stdout).toBe('still\n');
});

test('the filter holds for commands', async () => {
  const { helper } = bare();
  const { stdout } = await run(
    helper,
    'unshare -U true && echo made; cat /dev/tcp/127.0.0.1/9 && echo net; echo end',
  );
  expect(stdout).toBe('end\n');
});

test('a helper whose streams end takes everything with it', async () => {
  const { helper, inside, process: child, exited } = bare();
  const running = await helper.exec({
    argv: ['sh', '-c', `setsid sh -c 'echo $$ > ${inside}/pid; exec sleep 1000' & sleep 1000`],
  });
  await until(() => fs.existsSync(`${inside}/pid`) && fs.readFileSync(`${inside}/pid`, 'utf8') !== '');
  const pid = Number(fs.readFileSync(`${inside}/pid`, 'utf8'));
  child.stdin?.end();
  expect(await exited).toBe(0);
  expect(isAlive(pid)).toBe(false);
  expect(await running.ended).toMatchObject({ how: 'lost' });
  await expect(helper.exec({ argv: ['true'] })).rejects.toMatchObject({ code: 'unavailable' });
});

test('so much at once and no more', async () => {
  const { helper } = bare();
  const all = await Promise.allSettled(
    Array.from({ length: 70 }, () => helper.exec({ argv: ['sleep', '1000'] })),
  );
  const refused = all.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBe(6);
  expect(refused[0]).toMatchObject({ reason: { code: 'too_many' } });
  for (const each of all) if (each.status === 'fulfilled') each.value.cancel();
  await Promise.all(all.map(async (each) => (each.status === 'fulfilled' ? each.value.ended : undefined)));
  expect((await run(helper, 'echo again')).stdout).toBe('again\n');
});

test('more words than a sandbox can be told are refused, and it goes on', async () => {
  const { helper } = bare();
  const argv = ['echo', 'x'.repeat(1_100_000)];
  await expect(helper.exec({ argv })).rejects.toMatchObject({ code: 'too_large' });
  expect((await run(helper, 'echo on')).stdout).toBe('on\n');
});
