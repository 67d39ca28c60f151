'use client';

import { useEffect, useRef } from 'react';
import { Kbd } from '@/components/ui/kbd';
import { classes } from '@/components/ui/classes';
import type { Group, Line } from './results';

/** The title with what matches set apart. */
function Title({ item, hits }: Line) {
  const marked = new Set(hits);
  const code = item.kind === 'Route' || item.kind === 'URL';
  return (
    <span
      className={classes('min-w-0 truncate', code && 'font-mono text-xs max-sm:break-all max-sm:whitespace-normal')}
    >
      {marked.size === 0
        ? item.title
        : Array.from({ length: item.title.length }, (_, i) => item.title[i]).map((letter, i) =>
            marked.has(i) ? (
              <b key={i} className="font-semibold text-accent">
                {letter}
              </b>
            ) : (
              letter
            ),
          )}
    </span>
  );
}

interface OptionProps {
  readonly line: Line;
  readonly id: string;
  readonly active: boolean;
  readonly onPoint: () => void;
  readonly onChoose: () => void;
}

function Option({ line, id, active, onPoint, onChoose }: OptionProps) {
  const { item } = line;
  const Icon = item.icon;
  const refused = item.refused ?? null;
  return (
    <li
      id={id}
      role="option"
      aria-selected={active}
      aria-disabled={refused !== null}
      // Moving, not resting: a list that scrolls under the pointer chooses nothing.
      onPointerMove={onPoint}
      onClick={onChoose}
      className={classes(
        'flex min-h-9 scroll-my-8 items-center gap-3 rounded-md px-3 py-1',
        refused === null ? 'cursor-pointer' : 'cursor-not-allowed text-text-3',
        active && 'bg-hover',
      )}
    >
      <Icon size={14} aria-hidden className="shrink-0 text-text-3" />
      <Title {...line} />
      <span className="ml-auto flex shrink-0 items-center gap-2 text-xs text-text-2">
        {refused !== null ? (
          <span>{refused}</span>
        ) : (
          item.detail !== undefined && <span className="max-sm:hidden">{item.detail}</span>
        )}
        {item.keys === undefined ? <span>{item.kind}</span> : <Kbd keys={item.keys} />}
      </span>
    </li>
  );
}

interface PaletteListProps {
  readonly id: string;
  readonly groups: readonly Group[];
  /** Place of the chosen line among all. */
  readonly active: number;
  readonly onPoint: (place: number) => void;
  readonly onChoose: (place: number) => void;
}

/** The lines, by group. */
export function PaletteList({ id, groups, active, onPoint, onChoose }: PaletteListProps) {
  const starts = groups.map((_, i) => groups.slice(0, i).reduce((sum, { lines }) => sum + lines.length, 0));
  const drawn = useRef(false);
  useEffect(() => {
    // As it opens nothing is scrolled, and asking costs a layout of the page.
    if (drawn.current) document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
    drawn.current = true;
  }, [id, active, groups]);
  return (
    <div id={id} role="listbox" aria-label="Results" tabIndex={-1} className="min-h-0 overflow-y-auto p-2">
      {groups.map(({ label, lines }, g) => (
        <ul key={label} role="group" aria-label={label === '' ? 'Best first' : label} className="pb-1">
          {label !== '' && (
            <li role="presentation" className="px-3 pt-2 pb-1 text-xs font-medium text-text-3">
              {label}
            </li>
          )}
          {lines.map((line, i) => {
            const place = (starts[g] ?? 0) + i;
            return (
              <Option
                key={line.item.id}
                line={line}
                id={`${id}-${place}`}
                active={place === active}
                onPoint={() => onPoint(place)}
                onChoose={() => onChoose(place)}
              />
            );
          })}
        </ul>
      ))}
    </div>
  );
}
