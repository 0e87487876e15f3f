import { type AccessPartNeeds, accessPart } from './access-part.ts';
import type { Admission } from './admission.ts';
import { type AgentSessionsPartNeeds, agentSessionsPart } from './agent-sessions-part.ts';
import { type AgentsPartNeeds, agentsPart } from './agents-part.ts';
import { type ApprovalsPartNeeds, approvalsPart, rulesPart } from './approvals-part.ts';
import { type HousePartNeeds, housePart } from './house-part.ts';
import { type BudgetsPartNeeds, budgetsPart } from './budgets-part.ts';
import { jobsPart, type KeepingPartNeeds, memoryPart, notesPart, skillsPart } from './keeping-part.ts';
import { type ModelsPartNeeds, modelsPart } from './models-part.ts';
import { mailPart, type OutsidePartNeeds, searchPart } from './outside-part.ts';
import { buildFrom } from './parts.ts';
import { type ObjectivesPartNeeds, objectivesPart } from './objectives-part.ts';
import { type PlanningPartNeeds, recipesPart, rolesPart } from './planning-part.ts';
import { type RecordPartNeeds, recordPart } from './record-part.ts';
import { type RecordsPartNeeds, recordsPart } from './records-part.ts';
import { runsPart, type RunsPartNeeds } from './runs-part.ts';
import { secretsPart } from './secrets-part.ts';
import { type SessionsPartNeeds, sessionsPart } from './sessions-part.ts';
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
  PlanningPartNeeds &
  AccessPartNeeds & { vault: Vault };

/** The one router of the one contract. It lists its parts and does nothing itself. */
export function createRouter(admission: Admission, needs: RouterNeeds) {
  const build = buildFrom(admission);
  return build.router({
    house: housePart(build, needs),
    record: recordPart(build, needs),
    records: recordsPart(build, needs),
    sessions: sessionsPart(build, needs),
    agentSessions: agentSessionsPart(build, needs),
    runs: runsPart(build, needs),
    objectives: objectivesPart(build, needs),
    roles: rolesPart(build, needs),
    recipes: recipesPart(build, needs),
    work: workPart(build, needs),
    agents: agentsPart(build, needs),
    approvals: approvalsPart(build, needs),
    rules: rulesPart(build, needs),
    models: modelsPart(build, needs),
    budgets: budgetsPart(build, needs),
    notes: notesPart(build, needs),
    memory: memoryPart(build, needs),
    skills: skillsPart(build, needs),
    jobs: jobsPart(build, needs),
    search: searchPart(build, needs),
    mail: mailPart(build, needs),
    access: accessPart(build, needs),
    secrets: secretsPart(build, needs),
    settings: settingsPart(build, needs),
  });
}

export type Router = ReturnType<typeof createRouter>;
