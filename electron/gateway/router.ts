import { lazy, type Router as OfContract } from '@orpc/server';
import type { Contract } from '../../shared/contract/contract.ts';
import { type AccessPartNeeds, accessPart } from './access-part.ts';
import type { Admission } from './admission.ts';
import type { CallContext } from './caller.ts';
import { type AgentSessionsPartNeeds, agentSessionsPart } from './agent-sessions-part.ts';
import { type AgentsPartNeeds, agentsPart } from './agents-part.ts';
import { type ApprovalsPartNeeds, approvalsPart, rulesPart } from './approvals-part.ts';
import { type HousePartNeeds, housePart } from './house-part.ts';
import { type BudgetsPartNeeds, budgetsPart } from './budgets-part.ts';
import { jobsPart, type KeepingPartNeeds, memoryPart, notesPart, skillsPart } from './keeping-part.ts';
import { mcpPart, type McpPartNeeds } from './mcp-part.ts';
import { type ModelsPartNeeds, modelsPart } from './models-part.ts';
import { mailPart, type OutsidePartNeeds, searchPart } from './outside-part.ts';
import { type Builder, buildFrom } from './parts.ts';
import { type ObjectivesPartNeeds, objectivesPart } from './objectives-part.ts';
import { type PlanningPartNeeds, recipesPart, rolesPart } from './planning-part.ts';
import { type RecordPartNeeds, recordPart } from './record-part.ts';
import { type RecordsPartNeeds, recordsPart } from './records-part.ts';
import { runsPart, type RunsPartNeeds } from './runs-part.ts';
import { secretsPart } from './secrets-part.ts';
import { type SessionsPartNeeds, sessionsPart } from './sessions-part.ts';
import { toolServersPart, type ToolServersPartNeeds } from './tool-servers-part.ts';
import { words } from './words.ts';
import { workPart, type WorkPartNeeds } from './work-part.ts';
import { settingsPart } from './settings-part.ts';
import type { Vault } from '../store/vault.ts';

export type RouterNeeds = HousePartNeeds &
  RecordPartNeeds &
  RecordsPartNeeds &
  SessionsPartNeeds &
  AgentSessionsPartNeeds &
  RunsPartNeeds &
  ObjectivesPartNeeds &
  WorkPartNeeds &
  AgentsPartNeeds &
  ModelsPartNeeds &
  BudgetsPartNeeds &
  ApprovalsPartNeeds &
  KeepingPartNeeds &
  OutsidePartNeeds &
  ToolServersPartNeeds &
  McpPartNeeds &
  PlanningPartNeeds &
  AccessPartNeeds & { vault: Vault };

/**
 * The one router of the one contract. It lists its parts and does nothing itself. The words of a part are many
 * schemas: they are read when somebody first speaks to it.
 */
export function createRouter(admission: Admission, needs: RouterNeeds) {
  const part = <Name extends keyof Contract>(
    name: Name,
    make: (build: Builder, needs: RouterNeeds) => OfContract<Contract[Name], CallContext>,
  ) =>
    lazy(async () => {
      const its = { [name]: await words[name]() } as Pick<Contract, Name>;
      return { default: make(buildFrom(admission, its), needs) };
    });
  return {
    house: part('house', housePart),
    record: part('record', recordPart),
    records: part('records', recordsPart),
    sessions: part('sessions', sessionsPart),
    agentSessions: part('agentSessions', agentSessionsPart),
    runs: part('runs', runsPart),
    objectives: part('objectives', objectivesPart),
    roles: part('roles', rolesPart),
    recipes: part('recipes', recipesPart),
    work: part('work', workPart),
    agents: part('agents', agentsPart),
    approvals: part('approvals', approvalsPart),
    rules: part('rules', rulesPart),
    models: part('models', modelsPart),
    budgets: part('budgets', budgetsPart),
    notes: part('notes', notesPart),
    memory: part('memory', memoryPart),
    skills: part('skills', skillsPart),
    jobs: part('jobs', jobsPart),
    search: part('search', searchPart),
    mail: part('mail', mailPart),
    toolServers: part('toolServers', toolServersPart),
    mcp: part('mcp', mcpPart),
    access: part('access', accessPart),
    secrets: part('secrets', secretsPart),
    settings: part('settings', settingsPart),
  } satisfies Record<keyof Contract, unknown>;
}

export type Router = ReturnType<typeof createRouter>;
