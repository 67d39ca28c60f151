import { Search } from 'lucide-react';
import { Kbd } from '@/components/ui/kbd';

/** Looks like a field at a desk, is an icon below; opens the search. */
export function SearchButton({ onOpen }: { onOpen: () => void }) {
  return (
    <button
      type="button"
      onClick={onOpen}
      aria-haspopup="dialog"
      aria-keyshortcuts="/"
      title="Search (/)"
      className="relative flex h-8 min-w-8 shrink-0 items-center justify-center gap-2 rounded-md border border-transparent text-text-2 after:absolute after:inset-x-0 after:-inset-y-1.5 hover:bg-hover hover:text-text lg:w-72 lg:min-w-0 lg:shrink lg:justify-start lg:border-line-strong lg:bg-raised lg:px-3"
    >
      <Search size={14} aria-hidden className="shrink-0" />
      <span className="min-w-0 flex-1 truncate text-left text-text-3 max-lg:sr-only">Find URL, tag:, route</span>
      <span aria-hidden className="contents max-lg:hidden">
        <Kbd keys="/" />
      </span>
    </button>
  );
}
