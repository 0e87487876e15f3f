import { create } from 'zustand';
import type { WorkForm } from './work-form.ts';

/** What a sheet begins with; what is left out is empty. */
export interface WantedWork {
  readonly form: Partial<WorkForm>;
  readonly files: readonly File[];
  /** What of an earlier start is not known any more, in words. */
  readonly lacks: string | null;
}

/** The sheet that starts command agents, whoever asks for it; null: it is not open. */
export const useWorkSheet = create<{ wanted: WantedWork | null }>(() => ({ wanted: null }));

export function openWork({ form = {}, files = [], lacks = null }: Partial<WantedWork> = {}): void {
  useWorkSheet.setState({ wanted: { form, files, lacks } });
}

/** The same as dropping files on the window, for hands that are on the keyboard. */
export function chooseFiles(): void {
  const picker = document.createElement('input');
  picker.type = 'file';
  picker.multiple = true;
  picker.addEventListener('change', () => openWork({ files: [...(picker.files ?? [])] }));
  picker.click();
}

export const closeWork = () => useWorkSheet.setState({ wanted: null });
