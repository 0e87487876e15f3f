import { expect, test } from 'vitest';
import { type PathSources, pathsFor } from './paths.ts';

const linux = (environment: Record<string, string> = {}): PathSources => ({
  environment,
  platform: 'linux',
  home: '/home/ada',
  folder: '/elsewhere',
});

test('without any variable everything lies in the account’s own folders, the socket beside the data', () => {
  const paths = pathsFor(undefined, linux());
  expect(paths).toMatchObject({
    data: '/home/ada/.local/state/holdfast',
    socket: '/home/ada/.local/state/holdfast/run.sock',
    configuration: '/home/ada/.config/holdfast',
    lock: '/home/ada/.local/state/holdfast/instance.lock',
    operatorToken: '/home/ada/.local/state/holdfast/operator.token',
  });
});

test('with XDG_RUNTIME_DIR the socket is there, under a short hash of the data path', () => {
  const environment = {
    XDG_RUNTIME_DIR: '/run/user/1000',
    XDG_STATE_HOME: '/state',
    XDG_CONFIG_HOME: '/config',
  };
  const paths = pathsFor(undefined, linux(environment));
  expect(paths).toMatchObject({ data: '/state/holdfast', configuration: '/config/holdfast' });
  expect(paths.socket).toMatch(/^\/run\/user\/1000\/holdfast\/[0-9a-f]{16}\.sock$/);
  expect(pathsFor('/state/holdfast', linux(environment)).socket).toBe(paths.socket);
  expect(pathsFor('/state/other', linux(environment)).socket).not.toBe(paths.socket);
});

test('a relative variable counts as unset, as the XDG specification says', () => {
  const environment = { XDG_RUNTIME_DIR: 'run', XDG_STATE_HOME: './state', XDG_CONFIG_HOME: '' };
  expect(pathsFor(undefined, linux(environment))).toEqual(pathsFor(undefined, linux()));
});

test('a given folder is taken from where the person stands, and a deep one keeps its socket short', () => {
  expect(pathsFor('here', linux())).toMatchObject({
    data: '/elsewhere/here',
    socket: '/elsewhere/here/run.sock',
  });
  const deep = pathsFor(`/${'deep/'.repeat(30)}data`, linux());
  expect(deep.socket).toMatch(/^\/home\/ada\/\.holdfast\/[0-9a-f]{16}\.sock$/);
});

test('macOS and Windows have their own places', () => {
  expect(pathsFor(undefined, { ...linux(), platform: 'darwin', home: '/Users/ada' })).toMatchObject({
    data: '/Users/ada/Library/Application Support/holdfast',
    socket: '/Users/ada/Library/Application Support/holdfast/run.sock',
  });
  const environment = {
    LOCALAPPDATA: 'C:\\Users\\ada\\AppData\\Local',
    APPDATA: 'C:\\Users\\ada\\AppData\\Roaming',
  };
  const windows = pathsFor(undefined, {
    environment,
    platform: 'win32',
    home: 'C:\\Users\\ada',
    folder: 'C:\\',
  });
  expect(windows.data).toBe('C:\\Users\\ada\\AppData\\Local\\Holdfast');
  expect(windows.configuration).toBe('C:\\Users\\ada\\AppData\\Roaming\\Holdfast');
  expect(windows.socket).toMatch(/^\\\\\.\\pipe\\holdfast-[0-9a-f]{16}$/);
});
