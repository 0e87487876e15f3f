import { lazy, Suspense, useEffect, useState } from 'react';
import { openWork, useWorkSheet } from '../../bridge/work/work-sheet.ts';
import styles from './WorkPlace.module.css';

/** Loaded when it is first wanted: no other screen pays for it. */
const WorkSheet = lazy(async () => ({ default: (await import('./WorkSheet.tsx')).WorkSheet }));

/** The sheet that starts command agents, and the files that are dropped anywhere on the window. */
export function WorkPlace() {
  const wanted = useWorkSheet((state) => state.wanted);
  const [isLoaded, setLoaded] = useState(false);
  const hovers = useDroppedFiles();
  useEffect(() => {
    if (wanted) setLoaded(true);
  }, [wanted]);
  return (
    <>
      {hovers && (
        <div className={styles.hover} role="status">
          <p>Drop to hand them to an agent, or to make them a goal. Nothing begins by that.</p>
        </div>
      )}
      {(wanted !== null || isLoaded) && (
        <Suspense fallback={null}>
          <WorkSheet wanted={wanted} />
        </Suspense>
      )}
    </>
  );
}

const holdsFiles = ({ dataTransfer, defaultPrevented }: DragEvent) =>
  !defaultPrevented && dataTransfer !== null && dataTransfer.types.includes('Files');

/** Takes what is dropped where nobody else did; whether files are over the window right now. */
function useDroppedFiles(): boolean {
  const [hovers, setHovers] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      setHovers(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setHovers(false);
    };
    const drop = (event: DragEvent) => {
      setHovers(false);
      if (!holdsFiles(event)) return;
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      const before = useWorkSheet.getState().wanted;
      if (files.length > 0) openWork({ ...before, files });
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);
  return hovers;
}
