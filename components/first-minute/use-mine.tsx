'use client';

import { CopyLine } from '@/components/ui/copy-line';
import { Dialog } from '@/components/ui/dialog';

interface UseMineProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly gatewayUrl: string;
}

/** How to put Pitwall in front of one's own service. */
export function UseMine({ open, onOpenChange, gatewayUrl }: UseMineProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Use my service"
      description="Stop Pitwall (Ctrl-C), then start it in front of your own service. Nothing else needs configuring."
    >
      <div className="mt-4 space-y-4">
        <CopyLine text="PITWALL_UPSTREAM=http://127.0.0.1:9000 npm start" />
        <p className="text-text-2">
          Put your service’s URL in place of the example, and point a client at {gatewayUrl}. To look before you leap,
          switch the mode to observe: everything is forwarded, and this page shows what would have been saved.
        </p>
      </div>
    </Dialog>
  );
}
