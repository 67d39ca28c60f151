'use client';

import dynamic from 'next/dynamic';
import { ThemeToggle } from '@/components/layout/theme-toggle';
import { classes } from '@/components/ui/classes';
import { nextTheme, useTheme } from '@/hooks/use-theme';

/** In the browser alone: specimens hold the reader's times. */
const Specimens = dynamic(() => import('./specimens').then((module) => module.Specimens), { ssr: false });

type Side = 'light' | 'dark';

/** The themes side by side. What opens above the page has the page's theme: the button changes it. */
export function Gallery({ themes }: { themes: readonly Side[] }) {
  const [theme, choose] = useTheme();
  return (
    <main>
      <header className="flex min-h-12 items-center gap-4 border-b border-line px-6">
        <h1 className="text-base font-semibold">Gallery</h1>
        <p className="min-w-0 text-text-2">components/ui, components/charts and shared parts of the layout</p>
        <span className="ml-auto">
          <ThemeToggle theme={theme} onNext={() => choose(nextTheme(theme))} />
        </span>
      </header>
      <div className={classes('grid', themes.length > 1 && 'xl:grid-cols-2')}>
        {themes.map((side) => (
          <div key={side} data-theme={side} className="min-w-0 bg-bg px-6 py-4 text-text">
            <Specimens side={side} />
          </div>
        ))}
      </div>
    </main>
  );
}
