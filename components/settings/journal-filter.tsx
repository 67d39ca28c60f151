'use client';

import { useEffect, useRef, useState } from 'react';
import { Search } from 'lucide-react';
import { JOURNAL_KINDS, JOURNAL_OUTCOMES, type JournalEntry } from '@/lib/contracts/journal';
import { Button } from '@/components/ui/button';
import { Input, Select } from '@/components/ui/field';
import { isAnyEntry, type JournalLook, type JournalSpan } from '@/hooks/journal-params';
import { usePeople } from '@/hooks/use-people';
import { useSession } from '@/hooks/use-session';
import { useTokens } from '@/hooks/use-tokens';
import { KIND_WORD, OUTCOME, whoWords } from './journal-words';

/** Text that is typed shows at once, and counts when the typing pauses; ms. */
const PAUSE = 300;

const SPAN_WORD: Readonly<Record<JournalSpan, string>> = {
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  all: 'All time',
  own: 'From … to …',
};

function TextField({ text, onChange }: { text: string; onChange: (text: string) => void }) {
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
    <label className="relative flex max-md:w-full">
      <Search size={14} aria-hidden className="absolute top-2.5 left-2.5 text-text-3" />
      <span className="sr-only">Find in the journal</span>
      <Input
        type="search"
        value={draft}
        maxLength={200}
        onChange={(event) => setDraft(event.target.value)}
        placeholder="Action, target or who"
        className="w-full pr-2 pl-8! md:w-60"
      />
    </label>
  );
}

/** A moment as the browser's own field has it: the reader's clock, to the minute. */
function localMoment(at: number | null): string {
  if (at === null) return '';
  const shifted = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

interface MomentProps {
  readonly label: string;
  readonly at: number | null;
  readonly onChange: (at: number | null) => void;
}

function Moment({ label, at, onChange }: MomentProps) {
  return (
    <label className="inline-flex items-center gap-1.5 text-text-2">
      {label}
      <Input
        type="datetime-local"
        value={localMoment(at)}
        onChange={({ target }) => {
          const chosen = new Date(target.value).getTime();
          onChange(Number.isNaN(chosen) ? null : chosen);
        }}
      />
    </label>
  );
}

/** Who can be chosen: always the three that are no accounts, and whom the reader may know of. */
function useActors(chosen: string | null): readonly (readonly [actor: string, name: string])[] {
  const { may } = useSession();
  const people = usePeople(may('people'));
  const tokens = useTokens(may('tokens'));
  const known: (readonly [string, string])[] = [
    ['local', whoWords({ actor: 'local', who: null })],
    ['engine', whoWords({ actor: 'engine', who: null })],
    ['stranger', whoWords({ actor: 'stranger', who: null })],
    ...(people.status === 'ready' ? people.data.people.map(({ id, name }) => [`person:${id}`, name] as const) : []),
    ...(tokens.status === 'ready'
      ? tokens.data.tokens.map(({ id, name }) => [`token:${id}`, `Token ${name}`] as const)
      : []),
  ];
  return chosen === null || known.some(([actor]) => actor === chosen) ? known : [...known, [chosen, chosen]];
}

interface JournalFilterProps {
  readonly look: JournalLook;
  readonly onChange: (part: Partial<JournalLook>) => void;
}

/** Which entries are shown. */
export function JournalFilter({ look, onChange }: JournalFilterProps) {
  const actors = useActors(look.actor);
  return (
    <div className="flex flex-wrap items-center gap-2" role="group" aria-label="Filter">
      <TextField text={look.text} onChange={(text) => onChange({ text })} />
      <Select
        aria-label="Time"
        value={look.span}
        onChange={({ target }) => onChange({ span: target.value as JournalSpan, from: null, to: null })}
      >
        {Object.entries(SPAN_WORD).map(([span, word]) => (
          <option key={span} value={span}>
            {word}
          </option>
        ))}
      </Select>
      {look.span === 'own' && (
        <>
          <Moment label="From" at={look.from} onChange={(from) => onChange({ from })} />
          <Moment label="To" at={look.to} onChange={(to) => onChange({ to })} />
        </>
      )}
      <Select
        aria-label="Who"
        value={look.actor ?? ''}
        onChange={({ target }) => onChange({ actor: target.value === '' ? null : target.value })}
        className="max-w-48"
      >
        <option value="">Anybody</option>
        {actors.map(([actor, name]) => (
          <option key={actor} value={actor}>
            {name}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Kind"
        value={look.kind ?? ''}
        onChange={({ target }) => onChange({ kind: JOURNAL_KINDS.find((kind) => kind === target.value) ?? null })}
      >
        <option value="">Any kind</option>
        {JOURNAL_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {KIND_WORD[kind]}
          </option>
        ))}
      </Select>
      <Select
        aria-label="Outcome"
        value={look.outcome ?? ''}
        onChange={({ target }) =>
          onChange({ outcome: JOURNAL_OUTCOMES.find((outcome) => outcome === target.value) ?? null })
        }
      >
        <option value="">Any outcome</option>
        {JOURNAL_OUTCOMES.map((outcome) => (
          <option key={outcome} value={outcome}>
            {OUTCOME[outcome].word}
          </option>
        ))}
      </Select>
      {!isAnyEntry(look) && (
        <Button kind="quiet" onClick={() => onChange({ text: '', kind: null, outcome: null, actor: null })}>
          Clear filter
        </Button>
      )}
    </div>
  );
}

/** What identifies an entry among all. */
export const entryId = ({ chain, number }: JournalEntry): string => `${chain} ${number}`;
