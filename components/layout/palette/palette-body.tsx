'use client';

import { useDeferredValue, useId, useMemo, useState, type KeyboardEvent } from 'react';
import { Search } from 'lucide-react';
import { formatCounted } from '@/components/ui/format';
import { describeFailure } from '@/hooks/api-error';
import { keyOf } from '@/hooks/commands';
import { useCommandTable } from '@/hooks/use-commands';
import { useKeys } from '@/hooks/use-keys';
import { useStored } from '@/hooks/use-stored';
import { MAX_TOP } from '@/lib/contracts/keys';
import type { Overview } from '@/lib/contracts/overview';
import { commandItems, keyItems, placeItems, typedItems, type Doors, type Item } from './items';
import { PaletteList } from './palette-list';
import { parseRecent, RECENT_KEY, withRecent } from './recent';
import { firstLines, resultsFor } from './results';

/** Lines that PageUp and PageDown move by. */
const PAGE = 8;
/** Lines that are seen without scrolling, and one more. */
const IN_VIEW = 14;

/** The URLs that can be found: those that were asked for most. */
const ASKED_MOST = { by: 'asked', service: 'all', route: null, reason: null, top: MAX_TOP, still: true } as const;

export interface PaletteBodyProps {
  /** Search: places and URLs. Palette: commands too. Text that begins with ">": commands alone, in either. */
  readonly kind: 'palette' | 'search';
  readonly overview: Overview | null;
  readonly doors: Doors;
  readonly onChoose: (item: Item) => void;
  readonly onClose: () => void;
}

/** The field and what it finds. The focus stays in the field; the arrows move a mark through the list. */
export function PaletteBody({ kind, overview, doors, onChoose, onClose }: PaletteBodyProps) {
  const list = useId();
  const table = useCommandTable();
  const { keys, error } = useKeys(ASKED_MOST);
  const [stored, store] = useStored(RECENT_KEY);
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  // As it was when it opened: nothing moves under the pointer. What was chosen just now counts next time.
  const [commands] = useState(() => commandItems(table.list()));
  const [recent] = useState(() => parseRecent(stored));
  const [frozen, freeze] = useState(overview);
  if (frozen === null && overview !== null) freeze(overview);

  const only = text.startsWith('>');
  const query = only ? text.slice(1) : text;
  const items = useMemo(() => {
    if (only) return commands;
    const places = frozen === null ? [] : placeItems(frozen, doors);
    const urls = keys === undefined ? [] : keyItems(keys, doors);
    return [...(kind === 'search' ? [] : commands), ...places, ...urls];
  }, [only, commands, frozen, keys, kind, doors]);
  const groups = useMemo(() => {
    const typed = only ? [] : typedItems(query, frozen?.gateway.url, doors);
    return resultsFor(query, items, typed, recent);
  }, [only, query, items, recent, frozen, doors]);
  // It opens with what is seen; the rest is drawn once that is painted.
  const whole = useDeferredValue(true, false);
  const drawn = useMemo(() => (whole ? groups : firstLines(groups, IN_VIEW)), [whole, groups]);
  const lines = groups.flatMap((group) => group.lines);
  const place = Math.min(active, lines.length - 1);

  function choose(at: number) {
    const item = lines[at]?.item;
    if (item === undefined || typeof item.refused === 'string') return;
    store(withRecent(recent, item.id));
    onChoose(item);
  }
  function pressed(event: KeyboardEvent) {
    const moves: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };
    const by = moves[event.key];
    const key = keyOf(event.nativeEvent);
    if (by !== undefined && lines.length > 0) {
      const next = place + by;
      // Single steps go around; pages stop at the ends.
      setActive(
        Math.abs(by) === 1 ? (next + lines.length) % lines.length : Math.max(0, Math.min(lines.length - 1, next)),
      );
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) choose(place);
    else if (key === 'Mod+k') onClose();
    else return;
    event.preventDefault();
  }

  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-3 border-b border-line px-4 has-focus-visible:border-accent">
        <Search size={16} aria-hidden className="shrink-0 text-text-3" />
        <input
          role="combobox"
          aria-label={kind === 'search' ? 'Find' : 'Find, or run a command'}
          aria-expanded
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={place >= 0 ? `${list}-${place}` : undefined}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={pressed}
          placeholder={
            kind === 'search' ? 'URL, tag:, prefix:, service or route' : 'Command, page, URL, tag:, service or route'
          }
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-text-3 max-sm:text-base"
        />
      </div>
      <PaletteList id={list} groups={drawn} active={place} onPoint={setActive} onChoose={choose} />
      <p role="status" className={lines.length === 0 ? 'px-5 pt-2 pb-5 text-text-2' : 'sr-only'}>
        {lines.length > 0
          ? formatCounted(lines.length, 'result')
          : query.trim() === '' || only
            ? 'Nothing here.'
            : 'Nothing found. Type a whole URL, tag:NAME or prefix:URL to clear it.'}
      </p>
      {error !== null && !only && (
        <p className="border-t border-line px-5 py-2 text-xs text-text-2">
          URLs that were asked for can’t be searched now: {describeFailure(error).detail}
        </p>
      )}
    </>
  );
}
