'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { Specimen } from './specimen';

function Dialogs() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Open the dialog</Button>
      <Dialog open={open} onOpenChange={setOpen} title="Switch mode" description="Takes effect within a second.">
        <p className="mt-4">It holds the focus, closes with Escape, and gives the focus back.</p>
      </Dialog>
    </>
  );
}

export const OVERLAYS: readonly Specimen[] = [{ name: 'Dialog', note: 'In the page’s theme', Show: Dialogs }];
