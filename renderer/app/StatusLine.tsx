import type { ReactNode } from 'react';
import type { Status } from '../../shared/contract/house.ts';
import type { RecordState } from '../../shared/contract/record.ts';
import type { ConnectionState } from '../bridge/connection.ts';
import { useConnection, useHouse, useStatus } from '../bridge/house.ts';
import { Age } from '../ui/Age.tsx';
import { classes } from '../ui/classes.ts';
import { Dot, type DotTone } from '../ui/Dot.tsx';
import { clockOf, plural } from '../ui/words.ts';
import { BudgetSign } from './BudgetSign.tsx';
import { McpSign } from './McpSign.tsx';
import styles from './StatusLine.module.css';

/** One line that is always true: the record, this machine, and whether the window is up to date. */
export function StatusLine() {
  const status = useStatus();
  const connection = useConnection();
  const house = useHouse();
  const lost = connection.phase !== 'connected';
  return (
    <footer className={styles.line} aria-label="Status">
      {status && <RecordSigns record={status.record} data={status.data} lost={lost} />}
      {status && <MachineSign status={status} />}
      <span className={styles.space} />
      {status?.draining && <Sign tone="waits">Stopping</Sign>}
      {status && <McpSign />}
      {status && <BudgetSign />}
      {status && <span className={styles.extra}>{plural(status.followers, 'follower')}</span>}
      {status && (
        <span className={styles.extra}>{status.address?.replace(/^https?:\/\//, '') ?? 'no address'}</span>
      )}
      <span role="status">
        <ConnectionSign connection={connection} />
      </span>
      {connection.phase === 'reconnecting' && (
        <button type="button" className={styles.retry} onClick={() => house.connection.hurry()}>
          Try now
        </button>
      )}
    </footer>
  );
}

function Sign({ tone, children, loud = false }: { tone: DotTone; children: ReactNode; loud?: boolean }) {
  return (
    <span className={classes(styles.sign, loud && styles.loud)}>
      <Dot tone={tone} />
      <span className={styles.words}>{children}</span>
    </span>
  );
}

function RecordSigns({ record, data, lost }: { record: RecordState; data: string; lost: boolean }) {
  if (record.storage === 'full') {
    return (
      <Sign tone="refused" loud>
        The disk is full, nothing can be recorded: make room where {data} lies
      </Sign>
    );
  }
  if (record.storage === 'failing') {
    return (
      <Sign tone="refused" loud>
        The disk refuses to write, nothing can be recorded: look at {data}
      </Sign>
    );
  }
  return (
    <>
      <Sign tone={lost ? 'quiet' : 'good'}>{plural(record.size, 'event')}</Sign>
      <span className={styles.extra}>
        {record.checkpoint ? (
          <>
            checkpoint <Age time={record.checkpoint.time} />
          </>
        ) : (
          'no checkpoint yet'
        )}
      </span>
    </>
  );
}

function MachineSign({ status }: { status: Status }) {
  const wanting = status.machine.filter((finding) => finding.state === 'warning');
  if (wanting.length === 0) return null;
  return (
    <a href="#/now" className={styles.extra}>
      <Sign tone="waits">
        {wanting.length === 1 ? wanting[0]?.name : `${wanting.length} things to look at`}
      </Sign>
    </a>
  );
}

function ConnectionSign({ connection }: { connection: ConnectionState }) {
  switch (connection.phase) {
    case 'connected':
      return 'live';
    case 'connecting':
      return connection.attempt === 0 ? 'connecting…' : 'waiting for Holdfast…';
    case 'refused':
      return <Sign tone="refused">not admitted</Sign>;
    case 'reconnecting':
      return <Sign tone="waits">reconnecting · as of {clockOf(new Date(connection.since))}</Sign>;
  }
}
