import { Search } from 'lucide-react';
import { Kbd } from '@/components/ui/kbd';

/** Looks like a field at a desk, is an icon below; opens the search. */
export function SearchButton({ onOpen }: { onOpen: () => void }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-label="Search"
      aria-haspopup="dialog"
      aria-keyshortcuts="/"
      title="Search (/)"
      className="relative flex h-8 min-w-8 shrink-0 items-center justify-center gap-2 rounded-md border border-transparent text-text-2 hover:bg-hover hover:text-text lg:w-60 lg:min-w-0 lg:shrink lg:justify-start lg:border-line-strong lg:bg-raised lg:px-3"
    >
      <Search size={14} aria-hidden className="shrink-0" />
      <span aria-hidden className="contents max-lg:hidden">
        <span className="min-w-0 flex-1 truncate text-left text-text-3">Find URL, tag:, route</span>
        <Kbd keys="/" />
      </span>
    </button>
  );
}
