'use client';

import { useState } from 'react';
import type { ServiceState } from '@/lib/contracts/overview';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { formatTime } from '@/components/ui/format';
import { useCommands } from '@/hooks/use-commands';
import { MODE_WORD } from './mode-words';
import { ModeForm } from './mode-form';

interface ModeSwitchProps {
  /** The services that the page shows. */
  readonly services: readonly ServiceState[];
  readonly onChanged: () => void;
}

function summaryOf(services: readonly ServiceState[]): string {
  const [first] = services;
  if (first === undefined) return '–';
  if (services.some((service) => service.mode !== first.mode)) return 'Mixed';
  const until = services.length === 1 && first.modeUntil !== null ? ` until ${formatTime(first.modeUntil, false)}` : '';
  return MODE_WORD[first.mode].word + until;
}

/** The active mode, when it ends, and the way to change it. */
export function ModeSwitch({ services, onChanged }: ModeSwitchProps) {
  const [open, setOpen] = useState(false);
  useCommands(
    services.length === 0
      ? []
      : [
          {
            id: 'mode',
            group: 'Act',
            title: 'Switch mode…',
            words: 'cache observe bypass service',
            keys: ['m'],
            run: () => setOpen(true),
          },
        ],
  );
  return (
    <>
      <Button
        onClick={() => setOpen(true)}
        disabled={services.length === 0}
        aria-haspopup="dialog"
        aria-keyshortcuts="m"
      >
        <span className="font-normal text-text-2 max-md:sr-only">Mode</span> {summaryOf(services)}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Switch mode"
        description="Takes effect within a second. Nothing that is stored is lost."
      >
        <ModeForm services={services} onDone={() => setOpen(false)} onChanged={onChanged} />
      </Dialog>
    </>
  );
}
