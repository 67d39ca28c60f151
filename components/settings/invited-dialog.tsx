import type { Invited } from '@/lib/contracts/people';
import { Button } from '@/components/ui/button';
import { CopyLine } from '@/components/ui/copy-line';
import { Dialog } from '@/components/ui/dialog';
import { formatWhen } from '@/components/ui/format';
import { useNow } from '@/hooks/use-now';

/** A link that is seen this once: to copy, and what to do with it. */
export function InvitedDialog({ invited, onClose }: { invited: Invited; onClose: () => void }) {
  const { person, link, expiresAt } = invited;
  const now = useNow(false);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      held
      title={`A link for ${person.name}`}
      description="Copy it now: it isn’t shown again."
    >
      <div className="mt-4 space-y-3">
        <CopyLine text={link} wrap label={`Copy the link for ${person.name}`} />
        <p className="text-text-2">
          It works once, until {formatWhen(expiresAt, now)}. Whoever opens it sets the password of {person.email}: give
          it to {person.name} where nobody else reads along. A newer link makes this one void.
        </p>
        <div className="flex justify-end">
          <Button kind="strong" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
