import { expect, test } from 'vitest';
import { locate, type Machine, needed, provide, type SystemPackage } from './system-packages.ts';

const chromium: SystemPackage = {
  package: 'chromium',
  command: 'chromium',
  path: 'CHROMIUM_PATH',
  suite: 'e2e',
  why: 'the pages are looked at',
};

/** A machine that only remembers: installing puts the program in its place. */
function machine(of: {
  isRoot?: boolean;
  isDebian?: boolean;
  files?: string[];
  apt?: boolean;
  env?: NodeJS.ProcessEnv;
}) {
  const files = new Set(of.files);
  const said: string[] = [];
  const ran: string[] = [];
  const made: Machine = {
    env: { PATH: '/bin:/usr/bin', ...of.env },
    exists: (file) => files.has(file),
    isRoot: of.isRoot ?? false,
    isDebian: of.isDebian ?? true,
    run(command, args) {
      ran.push([command, ...args].join(' '));
      if (of.apt !== false && args[0] === 'install') files.add('/usr/bin/chromium');
      return of.apt !== false;
    },
    say: (line) => said.push(line),
  };
  return { made, said, ran };
}

test('what is there is left alone', () => {
  const { made, said, ran } = machine({ files: ['/usr/bin/chromium'] });
  expect(provide([chromium], made)).toEqual([]);
  expect([said, ran]).toEqual([[], []]);
});

test('a program elsewhere is found through its environment variable', () => {
  const { made } = machine({ files: ['/opt/chrome'], env: { CHROMIUM_PATH: '/opt/chrome' } });
  expect(locate(chromium, made)).toBe('/opt/chrome');
});

test('root on Debian installs what is missing and says which and why', () => {
  const { made, said, ran } = machine({ isRoot: true });
  expect(provide([chromium], made)).toEqual([]);
  expect(said).toEqual(['Installing chromium: the pages are looked at.']);
  expect(ran).toEqual(['apt-get update -qq', 'apt-get install -y -qq --no-install-recommends chromium']);
});

test('when apt-get fails, that is said and the package stays missing', () => {
  const { made, said } = machine({ isRoot: true, apt: false });
  expect(provide([chromium], made)).toEqual([chromium]);
  expect(said.at(-1)).toBe('apt-get could not install chromium.');
});

test('anybody else is told the one command, and nothing is run', () => {
  const { made, said, ran } = machine({});
  expect(provide([chromium], made)).toEqual([chromium]);
  expect(said.at(-1)).toBe('  sudo apt install --no-install-recommends chromium');
  expect(ran).toEqual([]);
});

test('only the packages of the chosen suites are asked for', () => {
  expect(needed(['lint', 'types'])).toEqual([]);
  expect(needed(['e2e']).map((each) => each.package)).toContain('chromium');
});
