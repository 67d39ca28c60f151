'use client';

import { createContext, use, useDeferredValue, useMemo, type ReactNode } from 'react';
import { Search } from 'lucide-react';
import { Input } from '@/components/ui/field';
import { useFindText } from '@/hooks/use-find-text';

interface Finding {
  readonly typed: string;
  readonly type: (text: string) => void;
  /** Words that what is shown must have, lower case. */
  readonly words: readonly string[];
}

const Context = createContext<Finding>({ typed: '', type: () => undefined, words: [] });

const matches = (text: string, words: readonly string[]): boolean => words.every((word) => text.includes(word));

/** What is found below it is one thing: one field, everything that can be found. */
export function Find({ children }: { children: ReactNode }) {
  const [typed, type] = useFindText();
  const deferred = useDeferredValue(typed);
  const words = useMemo(() => deferred.toLowerCase().split(/\s+/).filter(Boolean), [deferred]);
  const finding = useMemo(() => ({ typed, type, words }), [typed, type, words]);
  return <Context value={finding}>{children}</Context>;
}

/** Shown while every word that is looked for is in `text` (lower case). */
export function Findable({ text, as: As = 'div', children }: { text: string; as?: 'div' | 'li'; children: ReactNode }) {
  const { words } = use(Context);
  return <As hidden={!matches(text, words)}>{children}</As>;
}

/** The field, and how many of the operations it leaves. @param texts what each is found by */
export function FindField({ texts }: { texts: readonly string[] }) {
  const { typed, type, words } = use(Context);
  const left = useMemo(() => texts.filter((text) => matches(text, words)).length, [texts, words]);
  return (
    <div>
      <div className="relative">
        <Search size={14} aria-hidden className="absolute top-1/2 left-2.5 -translate-y-1/2 text-text-3" />
        <Input
          type="search"
          value={typed}
          onChange={(event) => type(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') type('');
          }}
          placeholder="Find path, word, code"
          aria-label="Find in the API"
          className="w-full pl-8"
        />
      </div>
      <p aria-live="polite" className="mt-1 min-h-5 text-xs text-text-3">
        {words.length > 0 && (left === 0 ? 'Nothing has these words.' : `${left} of ${texts.length} operations`)}
      </p>
    </div>
  );
}
