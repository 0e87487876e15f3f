import type { Contract } from '../../shared/contract/contract.ts';

/** The words of each part of the contract, read when somebody asks for them. */
export const words: { readonly [Name in keyof Contract]: () => Promise<Contract[Name]> } = {
  house: async () => (await import('../../shared/contract/house.ts')).houseContract,
  record: async () => (await import('../../shared/contract/record.ts')).recordContract,
  records: async () => (await import('../../shared/contract/records.ts')).recordsContract,
  sessions: async () => (await import('../../shared/contract/sessions.ts')).sessionsContract,
  agentSessions: async () => (await import('../../shared/contract/agent-sessions.ts')).agentSessionsContract,
  runs: async () => (await import('../../shared/contract/runs.ts')).runsContract,
  objectives: async () => (await import('../../shared/contract/objectives.ts')).objectivesContract,
  roles: async () => (await import('../../shared/contract/planning.ts')).rolesContract,
  recipes: async () => (await import('../../shared/contract/planning.ts')).recipesContract,
  work: async () => (await import('../../shared/contract/work.ts')).workContract,
  agents: async () => (await import('../../shared/contract/agents.ts')).agentsContract,
  approvals: async () => (await import('../../shared/contract/approvals.ts')).approvalsContract,
  rules: async () => (await import('../../shared/contract/approvals.ts')).rulesContract,
  models: async () => (await import('../../shared/contract/models.ts')).modelsContract,
  budgets: async () => (await import('../../shared/contract/budgets.ts')).budgetsContract,
  notes: async () => (await import('../../shared/contract/keeping.ts')).notesContract,
  memory: async () => (await import('../../shared/contract/keeping.ts')).memoryContract,
  skills: async () => (await import('../../shared/contract/keeping.ts')).skillsContract,
  jobs: async () => (await import('../../shared/contract/keeping.ts')).jobsContract,
  search: async () => (await import('../../shared/contract/outside.ts')).searchContract,
  mail: async () => (await import('../../shared/contract/outside.ts')).mailContract,
  access: async () => (await import('../../shared/contract/house.ts')).accessContract,
  secrets: async () => (await import('../../shared/contract/house.ts')).secretsContract,
  settings: async () => (await import('../../shared/contract/house.ts')).settingsContract,
};
