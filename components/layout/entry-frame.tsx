'use client';

import type { ReactNode } from 'react';
import { nextTheme, useTheme } from '@/hooks/use-theme';
import { ThemeToggle } from './theme-toggle';

/** The frame of the pages that one comes in by: the product's name, the theme, and one thing to do. */
export function EntryFrame({ children }: { children: ReactNode }) {
  const [theme, setTheme] = useTheme();
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="border-b border-line">
        <div className="mx-auto flex h-12 max-w-page items-center justify-between px-4 lg:px-6">
          <span className="text-sm font-semibold tracking-tight">Pitwall</span>
          <ThemeToggle theme={theme} onNext={() => setTheme(nextTheme(theme))} />
        </div>
      </header>
      <main className="mx-auto w-full max-w-[392px] flex-1 px-4 pt-12 pb-16 sm:pt-[16vh]">{children}</main>
    </div>
  );
}
