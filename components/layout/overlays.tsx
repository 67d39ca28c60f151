'use client';

import { Toasts } from '@/components/ui/toasts';
import type { ClearDraft } from '@/hooks/clear-draft';
import { useCommandTable } from '@/hooks/use-commands';
import { useToastList, useToasts } from '@/hooks/use-toasts';
import type { Overview, ServiceState } from '@/lib/contracts/overview';
import { ClearDialog } from './clear-dialog';
import { HelpDialog } from './help-dialog';
import { ModeDialog } from './mode-dialog';
import type { Doors } from './palette/items';
import { Palette } from './palette/palette';

/** What lies over the page; one at a time. */
export type Overlay =
  | { readonly kind: 'help' | 'mode' }
  | { readonly kind: 'palette' | 'search' }
  | { readonly kind: 'clear'; readonly draft: ClearDraft };

interface OverlaysProps {
  readonly overlay: Overlay | null;
  readonly overview: Overview | null;
  /** The services that the page shows. */
  readonly services: readonly ServiceState[];
  /** After another mode was set. */
  readonly onMode: () => void;
  readonly doors: Doors;
  readonly plainKeys: boolean;
  readonly onPlainKeys: (on: boolean) => void;
  readonly onClose: () => void;
}

/** Palette, help, dialogs and toasts: code of its own, fetched when the page is idle so that they open at once. */
export function Overlays(props: OverlaysProps) {
  const { overlay, overview, services, onMode, doors, plainKeys, onPlainKeys, onClose } = props;
  const commands = useCommandTable();
  const toasts = useToasts();
  const shown = useToastList();
  return (
    <>
      <Palette
        kind={overlay?.kind === 'palette' || overlay?.kind === 'search' ? overlay.kind : null}
        overview={overview}
        doors={doors}
        onClose={onClose}
      />
      <HelpDialog
        open={overlay?.kind === 'help'}
        onOpenChange={(open) => !open && onClose()}
        commands={commands.list()}
        plain={plainKeys}
        onPlain={onPlainKeys}
      />
      <ModeDialog open={overlay?.kind === 'mode'} services={services} onChanged={onMode} onClose={onClose} />
      <ClearDialog
        draft={overlay?.kind === 'clear' ? overlay.draft : null}
        services={overview?.services ?? []}
        environment={overview?.environment ?? ''}
        onClose={onClose}
      />
      <Toasts toasts={shown} onDismiss={toasts.dismiss} />
    </>
  );
}
