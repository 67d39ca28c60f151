import type { ReactNode } from 'react';
import { classes } from './classes';

const LOOK = { plain: 'bg-hover', watch: 'bg-watch-wash', bad: 'bg-bad-wash' } as const;

interface BannerProps {
  readonly look: keyof typeof LOOK;
  readonly label: string;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

/** One line across the page about what holds for all of it. */
export function Banner({ look, label, children, actions }: BannerProps) {
  return (
    <section aria-label={label} className={classes('border-b border-line', LOOK[look])}>
      <div className="mx-auto flex min-h-10 max-w-page flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1 lg:px-6">
        {children}
        {actions !== undefined && <div className="ml-auto flex gap-2 max-sm:ml-0">{actions}</div>}
      </div>
    </section>
  );
}
