import type { NewTokenAnswer } from '@/lib/contracts/tokens';
import { Button } from '@/components/ui/button';
import { CopyLine } from '@/components/ui/copy-line';
import { Dialog } from '@/components/ui/dialog';
import { formatWhen } from '@/components/ui/format';
import { useNow } from '@/hooks/use-now';
import { curlLine } from './curl-line';

/** A secret that is seen this once: to copy, and how it's used. */
export function TokenDialog({ made, onClose }: { made: NewTokenAnswer; onClose: () => void }) {
  const { token, secret } = made;
  const now = useNow(false);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      held
      title={`Token ${token.name}`}
      description="Copy it now: it isn’t shown again, and nobody can look it up."
    >
      <div className="mt-4 space-y-3">
        <CopyLine text={secret} wrap label="Copy the token" />
        <p className="text-text-2">It works until {formatWhen(token.expiresAt, now)}. Try it:</p>
        <CopyLine
          text={curlLine(window.location.origin, secret, token.scopes)}
          wrap
          label="Copy a command that uses the token"
        />
        <div className="flex justify-end">
          <Button kind="strong" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
