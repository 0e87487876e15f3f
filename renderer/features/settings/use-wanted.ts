import { useEffect, useState } from 'react';

export interface Wanted {
  /** What the address asks for; null for nothing. */
  wanted: string | null;
  /** Says that it was heard. */
  taken: () => void;
}

/** Whether a dialog is open: by its button, or because a link asked for it by name. */
export function useWanted(name: string, { wanted, taken }: Wanted): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (wanted !== name) return;
    setOpen(true);
    taken();
  }, [wanted, name, taken]);
  return [open, setOpen];
}
