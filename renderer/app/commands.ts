import { useMemo } from 'react';
import { problemOf } from '../../shared/contract/problems.ts';
import { type House, useHouse } from '../bridge/house.ts';
import { chooseFiles, openWork } from '../bridge/work/work-sheet.ts';
import type { Command } from '../ui/command.ts';
import { go } from '../ui/place.ts';
import { type Theme, themes, useTheme } from '../ui/theme.ts';
import { say } from '../ui/Toast.tsx';
import { countOf } from '../ui/words.ts';
import { screens } from './screens.ts';

const themeWords: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };

/** Everything the palette reaches. What opens a dialog does so through the address, so a link can do it too. */
export function useCommands(showKeys: () => void): readonly Command[] {
  const house = useHouse();
  const choose = useTheme((state) => state.choose);
  return useMemo(
    () => [
      ...screens.map(({ path, title, keys }) => ({
        id: `go-${path}`,
        title: `Go to ${title}`,
        group: 'Screens',
        keys,
        run: () => go(path),
      })),
      {
        id: 'launch',
        title: 'Begin a run',
        group: 'Runs',
        also: 'launch start goal plan new',
        keys: 'b',
        run: () => go('now', { do: 'launch' }),
      },
      {
        id: 'recipe',
        title: 'Run a recipe',
        group: 'Runs',
        also: 'launch start saved plan',
        run: () => go('now', { do: 'launch', recipe: '' }),
      },
      {
        id: 'ask',
        title: 'Ask an agent',
        group: 'Sessions',
        also: 'new session chat talk goal',
        keys: 'a',
        run: () => go('sessions', { do: 'ask' }),
      },
      {
        id: 'work',
        title: 'Start a command agent',
        group: 'Sessions',
        also: 'run repository clone files drop new session claude codex script',
        keys: 'i',
        run: () => openWork(),
      },
      {
        id: 'files',
        title: 'Add files…',
        group: 'Sessions',
        also: 'drop artifact attach command agent goal',
        run: () => chooseFiles(),
      },
      {
        id: 'objective',
        title: 'New objective',
        group: 'Objectives',
        also: 'schedule cron every day night repeat',
        run: () => go('objectives', { do: 'new' }),
      },
      {
        id: 'rules',
        title: 'Rules',
        group: 'Approvals',
        also: 'standing answers allow deny',
        run: () => go('approvals', { look: 'rules' }),
      },
      {
        id: 'terminal',
        title: 'Contained terminal',
        group: 'Sessions',
        also: 'shell sandbox command run',
        keys: 'c',
        run: () => go('sessions', { do: 'terminal' }),
      },
      ...recordCommands(house),
      ...settingsCommands,
      ...themes.map((theme) => ({
        id: `theme-${theme}`,
        title: `Theme: ${themeWords[theme]}`,
        group: 'Appearance',
        also: 'colours mode',
        run: () => choose(theme),
      })),
      {
        id: 'doctor',
        title: 'Look at this machine again',
        group: 'Machine',
        also: 'doctor check',
        run: () => void lookAgain(house),
      },
      {
        id: 'keys',
        title: 'Show the keys',
        group: 'Help',
        also: 'keyboard shortcuts',
        keys: '?',
        run: showKeys,
      },
    ],
    [house, choose, showKeys],
  );
}

function recordCommands(house: House): Command[] {
  return [
    {
      id: 'note',
      title: 'Put a remark on the record',
      group: 'Record',
      also: 'note comment',
      keys: 'n',
      run: () => go('now', { do: 'note' }),
    },
    {
      id: 'search',
      title: 'Search the record',
      group: 'Record',
      also: 'find filter events',
      keys: '/',
      run: () => go('audit', { do: 'search' }),
    },
    {
      id: 'verify',
      title: 'Verify the record',
      group: 'Record',
      also: 'check proof',
      keys: 'v',
      run: () => go('audit', { do: 'verify' }),
    },
    {
      id: 'export',
      title: 'Export a bundle',
      group: 'Record',
      also: 'download save',
      keys: 'e',
      run: () => go('audit', { do: 'export' }),
    },
    {
      id: 'checkpoint',
      title: 'Sign a checkpoint now',
      group: 'Record',
      also: 'seal',
      run: () => void sign(house),
    },
  ];
}

const settingsCommands: readonly Command[] = [
  {
    id: 'token',
    title: 'Make a token',
    group: 'Settings',
    also: 'new access',
    keys: 't',
    run: () => go('settings', { do: 'token' }),
  },
  {
    id: 'secret',
    title: 'Store a secret',
    group: 'Settings',
    also: 'new set key password',
    run: () => go('settings', { do: 'secret' }),
  },
  {
    id: 'mcp',
    title: 'MCP: programs and servers of tools',
    group: 'Settings',
    also: 'claude code cursor codex integration tools',
    run: () => go('settings/mcp'),
  },
  {
    id: 'let-in',
    title: 'Let a program in by MCP',
    group: 'Settings',
    also: 'claude code cursor vs code codex token client',
    run: () => go('settings/mcp', { do: 'let-in' }),
  },
  {
    id: 'tool-server',
    title: 'Add a server of tools',
    group: 'Settings',
    also: 'mcp stdio http oauth',
    run: () => go('settings/mcp', { do: 'server' }),
  },
  {
    id: 'rotate',
    title: 'Change the signing key',
    group: 'Settings',
    also: 'rotate',
    run: () => go('settings', { do: 'rotate' }),
  },
  {
    id: 'prune',
    title: 'Prune attachments',
    group: 'Settings',
    also: 'blobs retention',
    run: () => go('settings', { do: 'prune' }),
  },
  {
    id: 'records',
    title: 'Records of sessions',
    group: 'Settings',
    also: 'disk audit command agents prune sealed',
    run: () => go('settings', { do: 'records' }),
  },
  {
    id: 'backup',
    title: 'Make a backup',
    group: 'Settings',
    also: 'copy save',
    run: () => go('settings', { do: 'backup' }),
  },
];

async function sign(house: House): Promise<void> {
  try {
    const checkpoint = await house.client.record.checkpoint();
    say(`Signed a checkpoint of ${countOf(checkpoint.size)} events.`);
  } catch (thrown) {
    sayProblem(thrown);
  }
}

async function lookAgain(house: House): Promise<void> {
  try {
    const { machine } = await house.client.house.doctor({ rebuild: false });
    const wanting = machine.filter((finding) => finding.state !== 'ok').length;
    say(
      wanting === 0 ? 'Everything was found.' : `${countOf(wanting)} to look at, on Now.`,
      wanting === 0 ? 'good' : 'waits',
    );
  } catch (thrown) {
    sayProblem(thrown);
  }
}

function sayProblem(thrown: unknown): void {
  const problem = problemOf(thrown);
  say([problem.message, problem.mend].filter(Boolean).join(' '), 'refused');
}
