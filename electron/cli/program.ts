import { Command } from 'commander';
import { version } from '../base/version.ts';
import { addAccessVerbs } from './verbs/access.ts';
import { addAgentSessionVerbs } from './verbs/agent-sessions.ts';
import { addAgentVerbs } from './verbs/agents.ts';
import { addApprovalVerbs } from './verbs/approvals.ts';
import { addBackupVerbs } from './verbs/backup.ts';
import { addBudgetVerbs } from './verbs/budgets.ts';
import { addCompletionVerb } from './verbs/completion.ts';
import { addConfigureVerb } from './verbs/configure.ts';
import { addEventVerbs } from './verbs/events.ts';
import { addExportVerb } from './verbs/export.ts';
import { addHouseVerbs } from './verbs/house.ts';
import { addImportVerbs } from './verbs/import.ts';
import { addJobVerbs } from './verbs/jobs.ts';
import { addMailVerbs } from './verbs/mail.ts';
import { addMcpVerbs } from './verbs/mcp.ts';
import { addMemoryVerbs } from './verbs/memory.ts';
import { addMethodologyVerbs } from './verbs/methodology.ts';
import { addModelVerbs } from './verbs/models.ts';
import { addNoteVerbs } from './verbs/notes.ts';
import { addPlanningVerbs } from './verbs/planning.ts';
import { addRecordVerbs } from './verbs/record.ts';
import { addDiskRecordVerbs } from './verbs/records.ts';
import { addRunVerbs } from './verbs/runs.ts';
import { addRuleVerbs } from './verbs/rules.ts';
import { addScheduleVerbs } from './verbs/schedule.ts';
import { addSecretVerbs } from './verbs/secrets.ts';
import { addServeVerb } from './verbs/serve.ts';
import { addSettingVerbs } from './verbs/settings.ts';
import { addSessionVerbs } from './verbs/sessions.ts';
import { addShellVerb } from './verbs/shell.ts';
import { addSkillVerbs } from './verbs/skills.ts';
import { addVerifyVerb } from './verbs/verify.ts';
import { addWorkVerbs } from './verbs/work.ts';

/** The whole tree of verbs; each part adds its own. */
export function buildProgram(): Command {
  const program = new Command('holdfast')
    .description('Holdfast runs AI agents on your own machine, on a record that can be proven.')
    .version(version, '-V, --version', 'say the version')
    .helpOption('-h, --help', 'say how to use it')
    .helpCommand('help [verb]', 'say how to use a verb')
    .addHelpText('after', '\n`holdfast VERB --help` says how to use one, with an example.')
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .exitOverride();
  addServeVerb(program);
  addHouseVerbs(program);
  addRunVerbs(program);
  addScheduleVerbs(program);
  addShellVerb(program);
  addWorkVerbs(program);
  addSessionVerbs(program);
  addAgentVerbs(program);
  addMethodologyVerbs(program);
  addImportVerbs(program);
  addAgentSessionVerbs(program);
  addPlanningVerbs(program);
  addApprovalVerbs(program);
  addRuleVerbs(program);
  addJobVerbs(program);
  addMailVerbs(program);
  addNoteVerbs(program);
  addMemoryVerbs(program);
  addSkillVerbs(program);
  addEventVerbs(program);
  addVerifyVerb(program);
  addExportVerb(program);
  addRecordVerbs(program);
  addDiskRecordVerbs(program);
  addSecretVerbs(program);
  addModelVerbs(program);
  addConfigureVerb(program);
  addBudgetVerbs(program);
  addAccessVerbs(program);
  addMcpVerbs(program);
  addSettingVerbs(program);
  addBackupVerbs(program);
  addCompletionVerb(program);
  return program;
}
