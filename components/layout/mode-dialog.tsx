import type { ServiceState } from '@/lib/contracts/overview';
import { Dialog } from '@/components/ui/dialog';
import { ModeForm } from './mode-form';

interface ModeDialogProps {
  readonly open: boolean;
  /** Those whose mode can be chosen. */
  readonly services: readonly ServiceState[];
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

/** Asks for another mode, why, and for how long. */
export function ModeDialog({ open, services, onChanged, onClose }: ModeDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Switch mode"
      description="Takes effect within a second. Nothing that is stored is lost."
    >
      <ModeForm services={services} onDone={onClose} onChanged={onChanged} />
    </Dialog>
  );
}
