import type { Agent } from '../../../shared/agent.ts';
import type { CheckedDeclaration } from '../../../shared/contract/agents.ts';
import type { BudgetAccount } from '../../../shared/contract/budgets.ts';
import { levelWords } from '../../../shared/level-words.ts';
import { budgetWords } from '../../bridge/budget-words.ts';
import { spentWords, useBudgetAccounts } from '../../bridge/budgets.ts';
import { FactList } from '../../ui/FactList.tsx';
import { TextBlock } from '../../ui/TextBlock.tsx';
import styles from './AgentAbout.module.css';
import { modeWords, sandboxWords } from './agent-words.ts';
import { commandFacts } from './command-form.ts';
import { imagePreset, PresetImage } from './PresetImage.tsx';

/** What an agent is, in words: how it works, what it may do, how it thinks. */
export function AgentAbout({ checked: { agent, rights } }: { checked: CheckedDeclaration }) {
  const accounts = useBudgetAccounts();
  if (!agent) return <p className={styles.soft}>It cannot work while its file has problems.</p>;
  const facts = agent.command
    ? [...commandFacts({ ...agent, command: agent.command }), ...placeFacts(agent)]
    : modelFacts(agent, accounts);
  const preset = imagePreset(agent);
  return (
    <div className={styles.about}>
      {agent.description && <p className={styles.lead}>{agent.description}</p>}
      <FactList facts={facts} />
      {preset !== null && <PresetImage key={preset} preset={preset} />}
      <section>
        <h3>It may</h3>
        <ul className={styles.rights} aria-label="What it may do">
          {rights.map((right) => (
            <li key={right}>{right}</li>
          ))}
          {rights.length === 0 && (
            <li className={styles.soft}>
              {agent.command ? 'nothing outside its sandbox' : 'nothing but answer'}
            </li>
          )}
        </ul>
      </section>
      <section>
        <h3>What it is told</h3>
        <TextBlock label="What it is told">{agent.systemPrompt || 'Nothing of its own.'}</TextBlock>
      </section>
    </div>
  );
}

function modelFacts(agent: Agent, accounts: readonly BudgetAccount[] | null): [string, string][] {
  return [
    ['Model', agent.models.length > 0 ? agent.models.join(', then ') : 'the default one'],
    ['Its folder', modeWords[agent.folderMode]],
    ...placeFacts(agent),
    ['Asks you', levelWords[agent.approvals]],
    ...(agent.approvalRequired.length > 0
      ? [['Always asks for', agent.approvalRequired.join(', ')] as [string, string]]
      : []),
    ['Skills', agent.skills === '*' ? 'all there are' : agent.skills.join(', ') || 'none'],
    ['Budget', budgetWords(agent.budget)],
    ['Spent', spentBy(agent.name, accounts)],
    ['One turn', `at most ${agent.limits.iterations} steps`],
    ['Remembers', agent.memory.episodic ? 'from session to session' : 'within a session'],
  ];
}

function placeFacts({ sandbox, network }: Agent): [string, string][] {
  return [
    ['Works in', sandboxWords(sandbox)],
    ['Network', network.length > 0 ? network.join(', ') : 'none'],
  ];
}

function spentBy(name: string, accounts: readonly BudgetAccount[] | null): string {
  const account = accounts?.find(({ kind, of }) => kind === 'agent' && of === name);
  return account ? spentWords(account) : 'nothing since Holdfast started';
}
