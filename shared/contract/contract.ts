import { agentSessionsContract } from './agent-sessions.ts';
import { agentsContract } from './agents.ts';
import { approvalsContract, rulesContract } from './approvals.ts';
import { accessContract, houseContract, secretsContract, settingsContract } from './house.ts';
import { budgetsContract } from './budgets.ts';
import { jobsContract, memoryContract, notesContract, skillsContract } from './keeping.ts';
import { mcpContract } from './mcp.ts';
import { modelsContract } from './models.ts';
import { mailContract, searchContract } from './outside.ts';
import { objectivesContract } from './objectives.ts';
import { recipesContract, rolesContract } from './planning.ts';
import { recordContract } from './record.ts';
import { recordsContract } from './records.ts';
import { runsContract } from './runs.ts';
import { sessionsContract } from './sessions.ts';
import { toolServersContract } from './tool-servers.ts';
import { workContract } from './work.ts';

/** The one contract. Every surface speaks it; the router implements it. */
export const contract = {
  house: houseContract,
  record: recordContract,
  records: recordsContract,
  sessions: sessionsContract,
  agentSessions: agentSessionsContract,
  runs: runsContract,
  objectives: objectivesContract,
  roles: rolesContract,
  recipes: recipesContract,
  work: workContract,
  agents: agentsContract,
  approvals: approvalsContract,
  rules: rulesContract,
  models: modelsContract,
  budgets: budgetsContract,
  notes: notesContract,
  memory: memoryContract,
  skills: skillsContract,
  jobs: jobsContract,
  search: searchContract,
  mail: mailContract,
  toolServers: toolServersContract,
  mcp: mcpContract,
  access: accessContract,
  secrets: secretsContract,
  settings: settingsContract,
};

export type Contract = typeof contract;
