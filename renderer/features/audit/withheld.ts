import type { ExportPreview, Withhold } from '../../../shared/contract/record.ts';

/** What a person chose not to let out. */
export interface Withheld {
  readonly kinds: ReadonlySet<string>;
  readonly allData: boolean;
  readonly allBlobs: boolean;
}

export const nothingWithheld: Withheld = { kinds: new Set(), allData: false, allBlobs: false };

export function withholdOf({ kinds, allData, allBlobs }: Withheld, onlyRun: Withhold['onlyRun']): Withhold {
  return { kinds: [...kinds], events: [], blobs: [], allData, allBlobs, onlyRun, onlySession: null };
}

/** Bytes that would leave, of data and of attachments. */
export function leavingOf(preview: ExportPreview, withheld: Withheld): { data: number; blobs: number } {
  const leaving = preview.kinds.filter(({ kind }) => !withheld.kinds.has(kind));
  return {
    data: withheld.allData ? 0 : leaving.reduce((sum, { dataBytes }) => sum + dataBytes, 0),
    blobs: withheld.allBlobs ? 0 : leaving.reduce((sum, { blobBytes }) => sum + blobBytes, 0),
  };
}
