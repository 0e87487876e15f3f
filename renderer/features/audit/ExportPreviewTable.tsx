import type { ExportPreview } from '../../../shared/contract/record.ts';
import { Checkbox } from '../../ui/Checkbox.tsx';
import { bytesOf, countOf } from '../../ui/words.ts';
import styles from './ExportDialog.module.css';
import { leavingOf, type Withheld } from './withheld.ts';

export interface ExportPreviewTableProps {
  preview: ExportPreview;
  withheld: Withheld;
  onWithheld: (withheld: Withheld) => void;
}

/** What would leave, kind by kind, each of which can be held back. Hashes leave in any case: they are the proof. */
export function ExportPreviewTable({ preview, withheld, onWithheld }: ExportPreviewTableProps) {
  const leaving = leavingOf(preview, withheld);
  const setKind = (kind: string, leaves: boolean) => {
    const kinds = new Set(withheld.kinds);
    if (leaves) kinds.delete(kind);
    else kinds.add(kind);
    onWithheld({ ...withheld, kinds });
  };
  return (
    <div className={styles.preview}>
      <div className={styles.table} tabIndex={0} role="region" aria-label="What will leave">
        <table>
          <thead>
            <tr>
              <th>Leaves</th>
              <th>Kind</th>
              <th className={styles.number}>Events</th>
              <th className={styles.number}>Data</th>
              <th className={styles.number}>Attachments</th>
              <th>For example</th>
            </tr>
          </thead>
          <tbody>
            {preview.kinds.map(({ kind, events, dataBytes, blobs, blobBytes, sample }) => (
              <tr key={kind}>
                <td>
                  <Checkbox
                    label={`What ${kind} carries leaves`}
                    checked={!withheld.kinds.has(kind)}
                    onChange={(leaves) => setKind(kind, leaves)}
                  />
                </td>
                <td className={styles.kind}>{kind}</td>
                <td className={styles.number}>{countOf(events)}</td>
                <td className={styles.number}>
                  {withheld.allData || withheld.kinds.has(kind) ? 'withheld' : bytesOf(dataBytes)}
                </td>
                <td className={styles.number}>
                  {blobs === 0
                    ? ''
                    : withheld.allBlobs || withheld.kinds.has(kind)
                      ? 'withheld'
                      : bytesOf(blobBytes)}
                </td>
                <td className={styles.sample} title={sample}>
                  {sample}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={styles.whole}>
        <Checkbox checked={withheld.allData} onChange={(allData) => onWithheld({ ...withheld, allData })}>
          Withhold all data
        </Checkbox>
        <Checkbox checked={withheld.allBlobs} onChange={(allBlobs) => onWithheld({ ...withheld, allBlobs })}>
          Withhold all attachments
        </Checkbox>
      </div>
      <p className={styles.sum}>
        {bytesOf(leaving.data)} of data and {bytesOf(leaving.blobs)} of attachments will leave. Headers
        (number, time, kind, actor) always do, and what is withheld stays provable by its hash.
      </p>
    </div>
  );
}
