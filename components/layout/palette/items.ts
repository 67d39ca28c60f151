import { Braces, CornerDownRight, Eraser, Link2, Server, SquareTerminal, type LucideIcon } from 'lucide-react';
import type { Overview } from '@/lib/contracts/overview';
import { formatCount, formatPercent, formatRate } from '@/components/ui/format';
import { draftOf, scopeOf, scopeWords, type ClearDraft } from '@/hooks/clear-draft';
import type { Command } from '@/hooks/commands';
import type { KeyTop } from '@/hooks/use-keys';
import type { View } from '@/hooks/view';

/** A line of the palette. */
export interface Item {
  readonly id: string;
  readonly kind: 'Page' | 'Command' | 'Service' | 'Route' | 'URL' | 'Clear';
  readonly title: string;
  readonly detail?: string;
  /** Other words that it's found by. */
  readonly words?: string;
  readonly keys?: string;
  readonly icon: LucideIcon;
  readonly run: () => void;
  /** Why whoever asks may not choose it; null or left out where they may. */
  readonly refused?: string | null;
}

/** What choosing a line may do. */
export interface Doors {
  /** Shows the first page with another view. */
  readonly show: (part: Partial<View>) => void;
  readonly clear: (draft: ClearDraft) => void;
  /** Why whoever asks may not clear; null or left out where they may. */
  readonly clearRefused?: string | null;
}

/** The commands that can be run. */
export const commandItems = (commands: readonly Command[]): readonly Item[] =>
  commands.flatMap(({ id, group, title, words, keys, run, refused = null, unlisted = false }) =>
    run === undefined || unlisted
      ? []
      : {
          id,
          kind: group === 'Go to' ? ('Page' as const) : ('Command' as const),
          title,
          words: `${group} ${words ?? ''}`,
          ...(keys?.[0] !== undefined && { keys: keys[0] }),
          icon: group === 'Go to' ? CornerDownRight : SquareTerminal,
          run,
          refused,
        },
  );

/** A service as a whole. */
const WHOLE = { route: null, reason: null } satisfies Partial<View>;

/** Services and routes, as the page knows them. */
export function placeItems({ services, routes }: Pick<Overview, 'services' | 'routes'>, { show }: Doors): Item[] {
  const named = services.map(({ service, mode }): Item => ({
    id: `service ${service}`,
    kind: 'Service',
    title: service,
    detail: `mode ${mode}`,
    icon: Server,
    run: () => show({ service, ...WHOLE }),
  }));
  const all: Item = {
    id: 'service all',
    kind: 'Service',
    title: 'All services',
    icon: Server,
    run: () => show({ service: 'all', ...WHOLE }),
  };
  return [
    ...(services.length > 1 ? [all] : []),
    ...named,
    ...routes.map(({ service, route, hitRatio, requestsPerSecond }): Item => ({
      id: `route ${service}/${route}`,
      kind: 'Route',
      title: route,
      detail: `${service} · ${formatRate(requestsPerSecond)}/s · ${formatPercent(hitRatio)} % hits`,
      words: service,
      icon: Braces,
      run: () => show({ ...WHOLE, service, route }),
    })),
  ];
}

/** The URLs that were asked for most; choosing one offers to clear it. */
export const keyItems = (keys: readonly KeyTop[], { clear, clearRefused = null }: Doors): Item[] => {
  const urls = new Map(keys.flatMap((row) => (row.url === null ? [] : [[row.url, row] as const])));
  return [...urls].map(([url, { service, route, count }]) => ({
    id: `url ${url}`,
    kind: 'URL',
    title: url,
    detail: `asked ${formatCount(count)}×`,
    words: `${service} ${route}`,
    icon: Link2,
    run: () => clear({ kind: 'key', text: url, service: '' }),
    refused: clearRefused,
  }));
};

/** What the typed text itself names: something to clear. A path is one of the gateway's. */
export function typedItems(
  query: string,
  gatewayUrl: string | undefined,
  { clear, clearRefused = null }: Doors,
): Item[] {
  const text = query.trim();
  const draft = draftOf(text.startsWith('/') && gatewayUrl ? gatewayUrl.replace(/\/$/, '') + text : text);
  if (draft === null) return [];
  const parsed = scopeOf(draft);
  if ('wrong' in parsed) return [];
  const title = `Clear ${scopeWords(parsed.scope)}…`;
  return [{ id: 'clear typed', kind: 'Clear', title, icon: Eraser, run: () => clear(draft), refused: clearRefused }];
}
