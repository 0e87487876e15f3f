import { useEffect, useState } from 'react';
import type { Proof } from '../../../shared/contract/record.ts';
import type { RecordedEvent } from '../../../shared/events/event.ts';
import { useStatus } from '../../bridge/house.ts';
import { clockOf, countOf, ends } from '../../ui/words.ts';
import { classes } from '../../ui/classes.ts';
import { checkProof, type ProofVerdict } from './proof-check.ts';
import styles from './ProofView.module.css';
import { saysTheSame } from './header-check.ts';

/** Siblings drawn before the rest is folded. */
const drawn = 3;

/** The event's way to the signed root, computed by this page from the header's bytes. */
export function ProofView({ header, event, proof }: { header: string; event: RecordedEvent; proof: Proof }) {
  const key = useStatus()?.record.key;
  const [verdict, setVerdict] = useState<ProofVerdict | null>(null);
  const [whole, setWhole] = useState(false);
  useEffect(() => {
    let current = true;
    setVerdict(null);
    if (key === undefined) return;
    void checkProof(header, event.seq, proof, key).then((found) => current && setVerdict(found));
    return () => {
      current = false;
    };
  }, [header, event.seq, proof, key]);

  const folded = whole || proof.path.length <= drawn + 1 ? 0 : proof.path.length - drawn;
  const siblings = proof.path.slice(0, proof.path.length - folded);
  return (
    <section aria-label="Proof" className={styles.proof}>
      <h2>Proof</h2>
      <ol className={styles.path}>
        <li title={proof.leaf}>
          leaf <b>{ends(proof.leaf)}</b>
        </li>
        {siblings.map((hash, index) => (
          <li key={hash} title={hash}>
            {index === siblings.length - 1 && folded === 0 ? '└' : '├'} <b>{ends(hash)}</b>
          </li>
        ))}
        {folded > 0 && (
          <li>
            └{' '}
            <button type="button" className={styles.more} onClick={() => setWhole(true)}>
              … {folded} more
            </button>
          </li>
        )}
        <li title={proof.root}>
          root <b>{ends(proof.root)}</b> at {countOf(proof.size)}
        </li>
      </ol>
      <Verdict verdict={verdict} proof={proof} same={saysTheSame(header, event)} />
    </section>
  );
}

function Verdict({ verdict, proof, same }: { verdict: ProofVerdict | null; proof: Proof; same: boolean }) {
  if (!verdict) return <p className={styles.verdict}>checking…</p>;
  if (verdict.wrong || !same) {
    return (
      <p role="alert" className={classes(styles.verdict, styles.bad)}>
        ✗ {verdict.wrong ?? 'What is shown here is not what the signed header says.'}
      </p>
    );
  }
  if (!verdict.signed || !proof.checkpoint) {
    return (
      <p className={classes(styles.verdict, styles.open)}>
        In the tree; the next checkpoint will sign it, within seconds.
      </p>
    );
  }
  return (
    <>
      <p className={classes(styles.verdict, styles.good)}>
        ✓ included in the checkpoint signed {clockOf(new Date(proof.checkpoint.time))}
      </p>
      <p className={styles.how}>
        {verdict.signed === 'present'
          ? 'Hashes and signature were computed here, in this window.'
          : 'Hashes were computed here. An earlier key of this record signed; Verify checks that one too.'}
      </p>
    </>
  );
}
