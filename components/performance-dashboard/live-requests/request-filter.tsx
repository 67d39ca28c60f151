'use client';

import { useEffect, useRef, useState } from 'react';
import { Search, X } from 'lucide-react';
import { missReasonText } from '@/lib/contracts/miss-reason';
import { FILTER_TEXT, type TailFilter } from '@/lib/contracts/tail';
import { Button } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/field';
import { FILTER_LISTS, isAny, toggled, type FilterList } from '@/hooks/tail-params';
import { resultWord } from './result-words';

interface RequestFilterProps {
  readonly filter: TailFilter;
  readonly onChange: (filter: TailFilter) => void;
  readonly onClear: () => void;
}

/** What is asked for most often, one press away. */
const USUAL: readonly (readonly [word: string, list: FilterList, value: string])[] = [
  ['5xx', 'statuses', '5xx'],
  ['4xx', 'statuses', '4xx'],
  ['Errors', 'results', 'error'],
  ['Stale', 'results', 'stale'],
  ['Origin', 'results', 'origin'],
];
const SLOWER = [0, 10, 100, 500, 1_000, 5_000];

const LIST: Readonly<Record<FilterList, string>> = {
  services: 'service',
  routes: 'route',
  methods: 'method',
  clients: 'client',
  results: 'result',
  reasons: 'reason',
  statuses: 'status',
};

function wordOf(list: FilterList, value: string): string {
  if (list === 'results') return resultWord(value);
  return (list === 'reasons' ? missReasonText(value)?.words : undefined) ?? value;
}

const isUsual = (list: FilterList, value: string): boolean =>
  USUAL.some(([, usualList, usual]) => usualList === list && usual === value);

/** Text that is typed shows at once, and counts when the typing pauses; ms. */
const PAUSE = 250;

function PathField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const [draft, setDraft] = useState(text);
  const [from, setFrom] = useState(text);
  if (from !== text) {
    setFrom(text);
    setDraft(text);
  }
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    if (draft === text) return;
    const timer = setTimeout(() => latest.current(draft), PAUSE);
    return () => clearTimeout(timer);
  }, [draft, text]);
  return (
    <label className="relative flex max-sm:w-full">
      <Search size={14} aria-hidden className="absolute top-2.5 left-2.5 text-text-3" />
      <span className="sr-only">Path contains</span>
      <Input
        type="search"
        value={draft}
        maxLength={FILTER_TEXT}
        onChange={(event) => setDraft(event.target.value)}
        placeholder="Path contains"
        className="w-full pr-2 pl-8! sm:w-44"
      />
    </label>
  );
}

/** Which requests are shown: usual questions, text, duration, and a chip for everything else that was chosen. */
export function RequestFilter({ filter, onChange, onClear }: RequestFilterProps) {
  const chips = FILTER_LISTS.flatMap((list) =>
    filter[list].filter((value) => !isUsual(list, value)).map((value) => ({ list, value })),
  );
  return (
    <div className="flex flex-wrap items-center gap-2" role="group" aria-label="Filter">
      <PathField text={filter.text} onChange={(text) => onChange({ ...filter, text })} />
      <label className="inline-flex items-center gap-1.5 text-text-2">
        Slower than
        <Select
          value={filter.slowerThanMs}
          onChange={(event) => onChange({ ...filter, slowerThanMs: Number(event.target.value) })}
        >
          {[...new Set([...SLOWER, filter.slowerThanMs])]
            .sort((a, b) => a - b)
            .map((ms) => (
              <option key={ms} value={ms}>
                {ms === 0 ? 'any' : `${ms.toLocaleString('en-GB')} ms`}
              </option>
            ))}
        </Select>
      </label>
      {USUAL.map(([word, list, value]) => {
        const on = (filter[list] as readonly string[]).includes(value);
        return (
          <Button
            key={word}
            kind={on ? 'chosen' : 'quiet'}
            aria-pressed={on}
            onClick={() => onChange(toggled(filter, list, value))}
          >
            {word}
          </Button>
        );
      })}
      {chips.map(({ list, value }) => (
        <Button
          key={`${list} ${value}`}
          kind="chosen"
          onClick={() => onChange(toggled(filter, list, value))}
          aria-label={`Remove ${LIST[list]} ${wordOf(list, value)}`}
          className="max-w-64"
        >
          <span className="font-normal text-text-3">{LIST[list]}</span>
          <span className="truncate">{wordOf(list, value)}</span>
          <X size={12} aria-hidden className="shrink-0" />
        </Button>
      ))}
      {!isAny(filter) && (
        <Button kind="quiet" onClick={onClear}>
          Clear filter
        </Button>
      )}
    </div>
  );
}
