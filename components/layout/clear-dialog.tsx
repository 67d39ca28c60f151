import type { ServiceState } from '@/lib/contracts/overview';
import { Dialog } from '@/components/ui/dialog';
import type { ClearDraft } from '@/hooks/clear-draft';
import { ClearForm } from './clear-form';

interface ClearDialogProps {
  /** What is to be cleared; null while nothing is. */
  readonly draft: ClearDraft | null;
  readonly services: readonly ServiceState[];
  readonly environment: string;
  readonly onClose: () => void;
}

/** Asks what to clear, and how. */
export function ClearDialog({ draft, services, environment, onClose }: ClearDialogProps) {
  return (
    <Dialog
      open={draft !== null}
      onOpenChange={(open) => !open && onClose()}
      title="Clear"
      description={`Every instance of ${environment} follows, and a job says which have.`}
    >
      {draft !== null && <ClearForm draft={draft} services={services} environment={environment} onDone={onClose} />}
    </Dialog>
  );
}
