import type { ComponentType } from 'react';
import { AgentsScreen } from '../features/agents/AgentsScreen.tsx';
import { ApprovalsScreen } from '../features/approvals/ApprovalsScreen.tsx';
import { AuditScreen } from '../features/audit/AuditScreen.tsx';
import { ObjectivesScreen } from '../features/objectives/ObjectivesScreen.tsx';
import { RunsScreen } from '../features/runs/RunsScreen.tsx';
import { SessionsScreen } from '../features/sessions/SessionsScreen.tsx';
import { SettingsScreen } from '../features/settings/SettingsScreen.tsx';
import type { IconName } from '../ui/Icon.tsx';
import { Now } from './Now.tsx';

export interface Screen {
  path: string;
  title: string;
  icon: IconName;
  keys: string;
  component: ComponentType;
}

/** A screen appears here when its feature exists. The first one is where a window opens. */
export const screens: readonly [Screen, ...Screen[]] = [
  { path: 'now', title: 'Now', icon: 'clock', keys: 'g n', component: Now },
  { path: 'runs', title: 'Runs', icon: 'graph', keys: 'g r', component: RunsScreen },
  { path: 'approvals', title: 'Approvals', icon: 'shield', keys: 'g p', component: ApprovalsScreen },
  { path: 'sessions', title: 'Sessions', icon: 'terminal', keys: 'g e', component: SessionsScreen },
  { path: 'agents', title: 'Agents', icon: 'person', keys: 'g w', component: AgentsScreen },
  { path: 'objectives', title: 'Objectives', icon: 'again', keys: 'g o', component: ObjectivesScreen },
  { path: 'audit', title: 'Audit', icon: 'lines', keys: 'g a', component: AuditScreen },
  { path: 'settings', title: 'Settings', icon: 'gear', keys: 'g s', component: SettingsScreen },
];
