import type { AgentSession } from '../../../../shared/agent-session.ts';
import type { ApprovalLevel } from '../../../../shared/approval.ts';
import { useHouse } from '../../../bridge/house.ts';
import { levelOptions } from '../../../bridge/level-options.ts';
import { ProblemNote } from '../../../bridge/ProblemNote.tsx';
import { useTask } from '../../../bridge/use-task.ts';
import { Field } from '../../../ui/Field.tsx';
import { hashOf } from '../../../ui/place.ts';
import { Select } from '../../../ui/Select.tsx';
import { GrantedPlaces } from '../GrantedPlaces.tsx';
import { JobsHere } from '../jobs/JobsHere.tsx';
import { HappensHere } from '../HappensHere.tsx';
import styles from '../SessionInspector.module.css';
import { kindWords } from '../../../bridge/session-words.ts';
import { costWords } from '../../../bridge/conversation/agent-session-words.ts';

/** What it may do, what it asks for, what it has spent, and everything it does, as it happens. */
export function AgentInspector({ session }: { session: AgentSession }) {
  const { client } = useHouse();
  const change = useTask((_signal, approvals: ApprovalLevel) =>
    client.agentSessions.change({ session: session.id, approvals }),
  );
  const { folders, hosts, rights, sandbox, sandboxed, id, parent, activity } = session;
  const tools = rights.flatMap((right) => /^tool: (.*)$/.exec(right)?.[1] ?? []).toSorted();
  return (
    <aside className={styles.inspector} aria-label="What it may do">
      <section>
        <h2>What it may do</h2>
        <GrantedPlaces folders={folders} hosts={hosts} rights={rights}>
          {tools.length > 0 && <li>call {tools.join(', ')}</li>}
        </GrantedPlaces>
        <p className={styles.soft}>
          In {kindWords[sandbox]}, {sandboxed ? 'which stands' : 'made when it is first needed'}.
        </p>
      </section>
      <section>
        <Field label="It asks you">
          {(control) => (
            <Select
              {...control}
              value={session.approvals}
              options={levelOptions}
              disabled={activity === 'ended' || change.busy}
              onChange={(level) => void change.run(level)}
            />
          )}
        </Field>
        <ProblemNote problem={change.problem} />
      </section>
      <section>
        <h2>What it took</h2>
        <p>{costWords(session)}</p>
        {session.model && <p className={styles.soft}>{session.model}</p>}
        {parent && (
          <a className={styles.all} href={hashOf('sessions', { session: parent })}>
            started by another session
          </a>
        )}
      </section>
      <JobsHere session={id} />
      <section>
        <h2>As it happens</h2>
        <HappensHere session={id} />
        <a className={styles.all} href={hashOf('audit', { q: `session:${id}` })}>
          All of it on the record
        </a>
      </section>
    </aside>
  );
}
