import { Dialog } from '../../../../ui/Dialog.tsx';
import { Configurations } from './Configurations.tsx';

/** For a program that has its token already: its value is read from a variable, since it is kept nowhere here. */
export function ConfigurationsDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      title="How programs are set up"
      words="The value of a token is shown once, when it is made. Here its place is taken by a variable."
      open={open}
      onClose={onClose}
      wide
    >
      {open && <Configurations token={null} />}
    </Dialog>
  );
}
