import { z } from 'zod';
import { plainIssue } from '../../shared/plain-issue.ts';
import { Problem } from '../../shared/problem.ts';
import { settingsSchema } from '../../shared/settings.ts';
import type { AuditRecord } from '../audit/record.ts';
import { actorOf } from './caller.ts';
import type { LaterRooms } from './later-rooms.ts';
import { type Builder, callerOf } from './parts.ts';

export interface SettingsPartNeeds {
  readonly record: AuditRecord;
  readonly rooms: Pick<LaterRooms, 'mcp'>;
}

export function settingsPart({ settings: build }: Builder, { record, rooms }: SettingsPartNeeds) {
  return {
    get: build.get.handler(() => record.settings()),
    set: build.set.handler(async ({ input, context }) => {
      const value = settingsSchema.shape[input.key].safeParse(input.value);
      if (!value.success) {
        const said = value.error.issues.map(plainIssue).join('; ');
        throw new Problem(
          'invalid_input',
          `${input.key}: ${said}.`,
          'See `holdfast settings list` for what each one takes.',
        );
      }
      const data = { key: input.key, value: z.json().parse(value.data) };
      await record.append({ kind: 'setting.changed', actor: actorOf(callerOf(context)), data });
      if (input.key.startsWith('mcp.')) await (await rooms.mcp()).settled();
      return record.settings();
    }),
  };
}
