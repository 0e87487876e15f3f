import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, type Page, test as base } from '@playwright/test';
import { AgentsPage } from '../pages/agents-page.ts';
import { ApprovalsPage } from '../pages/approvals-page.ts';
import { AuditPage } from '../pages/audit-page.ts';
import { ConversationPage } from '../pages/conversation-page.ts';
import { FramePage } from '../pages/frame-page.ts';
import { LaunchPage } from '../pages/launch-page.ts';
import { McpPage } from '../pages/mcp-page.ts';
import { NowPage } from '../pages/now-page.ts';
import { ObjectivesPage } from '../pages/objectives-page.ts';
import { RunPage } from '../pages/run-page.ts';
import { SessionsPage } from '../pages/sessions-page.ts';
import { SettingsPage } from '../pages/settings-page.ts';
import type { Launched, Launcher } from './launched.ts';

export { expect } from '@playwright/test';

interface Fixtures {
  /** Events put on the record before the program starts. */
  planted: number;
  /** What the page complained about; a spec that provokes complaints takes them out. */
  complaints: string[];
  app: Launched;
  frame: FramePage;
  now: NowPage;
  audit: AuditPage;
  settings: SettingsPage;
  sessions: SessionsPage;
  agents: AgentsPage;
  approvals: ApprovalsPage;
  conversation: ConversationPage;
  launch: LaunchPage;
  run: RunPage;
  objectives: ObjectivesPage;
  mcp: McpPage;
}

interface Shared {
  /** A record with so many events, planted when it is first asked for; each test takes a copy of its own. */
  plantedRecord: (count: number) => Promise<string>;
}

const newFolder = () => mkdtemp(path.join(tmpdir(), 'holdfast-e2e-'));
const plantScript = path.join(import.meta.dirname, 'plant.ts');

interface LauncherModule {
  launch: Launcher;
  /** Why this way cannot be gone on this machine. */
  unavailable?: () => string | undefined;
}

const launcherOf = async (project: string) =>
  (await import(path.join(import.meta.dirname, `${project}.ts`))) as LauncherModule;

function hearComplaints(page: Page, complaints: string[]): void {
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
}

/** One program on a folder of its own, and its pages. A page that complains fails its spec. */
export const test = base.extend<Fixtures, Shared>({
  plantedRecord: [
    // oxlint-disable-next-line no-empty-pattern -- the runner reads from it that nothing is needed
    async ({}, provide) => {
      const planted = new Map<number, Promise<string>>();
      const plant = async (count: number) => {
        const data = await newFolder();
        await promisify(execFile)(process.execPath, [plantScript, data, String(count)]);
        return data;
      };
      await provide((count) => {
        const known = planted.get(count) ?? plant(count);
        planted.set(count, known);
        return known;
      });
      for (const data of planted.values()) await rm(await data, { recursive: true, force: true });
    },
    { scope: 'worker' },
  ],
  planted: [0, { option: true }],
  complaints: async ({ browserName }, provide) => {
    const complaints: string[] = [];
    await provide(complaints);
    expect(complaints, `what the page said in ${browserName}`).toEqual([]);
  },
  app: async ({ browser, planted, plantedRecord, complaints }, provide, info) => {
    const { launch, unavailable } = await launcherOf(info.project.name);
    const reason = unavailable?.();
    test.skip(reason !== undefined, reason);
    const data = await newFolder();
    if (planted > 0) await cp(await plantedRecord(planted), data, { recursive: true });
    const app = await launch({ data, browser, prepare: (page) => hearComplaints(page, complaints) });
    await provide(app);
    await app.close();
    await rm(data, { recursive: true, force: true, maxRetries: 20 });
  },
  frame: async ({ app }, provide) => provide(new FramePage(app)),
  now: async ({ app }, provide) => provide(new NowPage(app)),
  audit: async ({ app }, provide) => provide(new AuditPage(app)),
  settings: async ({ app }, provide) => provide(new SettingsPage(app)),
  sessions: async ({ app }, provide) => provide(new SessionsPage(app)),
  agents: async ({ app }, provide) => provide(new AgentsPage(app)),
  approvals: async ({ app }, provide) => provide(new ApprovalsPage(app)),
  conversation: async ({ app }, provide) => provide(new ConversationPage(app)),
  launch: async ({ app }, provide) => provide(new LaunchPage(app)),
  run: async ({ app }, provide) => provide(new RunPage(app)),
  objectives: async ({ app }, provide) => provide(new ObjectivesPage(app)),
  mcp: async ({ app }, provide) => provide(new McpPage(app)),
});
