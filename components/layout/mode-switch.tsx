'use client';

import type { ServiceState } from '@/lib/contracts/overview';
import { formatTime } from '@/components/ui/format';
import { GuardedButton } from '@/components/ui/guarded-button';
import { useCommands } from '@/hooks/use-commands';
import { useSession } from '@/hooks/use-session';
import { MODE_WORD } from './mode-words';

interface ModeSwitchProps {
  /** The services that the page shows. */
  readonly services: readonly ServiceState[];
  readonly onOpen: () => void;
}

function summaryOf(services: readonly ServiceState[]): string {
  const [first] = services;
  if (first === undefined) return '–';
  if (services.some((service) => service.mode !== first.mode)) return 'Mixed';
  const until = services.length === 1 && first.modeUntil !== null ? ` until ${formatTime(first.modeUntil, false)}` : '';
  return MODE_WORD[first.mode].word + until;
}

/** The active mode, when it ends, and the way to change it. */
export function ModeSwitch({ services, onOpen }: ModeSwitchProps) {
  const refused = useSession().refusal('hold');
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
            run: onOpen,
            refused,
          },
        ],
  );
  return (
    <GuardedButton
      needs="hold"
      onClick={onOpen}
      disabled={services.length === 0}
      aria-haspopup="dialog"
      aria-keyshortcuts="m"
    >
      <span className="font-normal text-text-2 max-md:sr-only">Mode</span> {summaryOf(services)}
    </GuardedButton>
  );
}
