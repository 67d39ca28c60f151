import type { ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';
import { classes } from './classes';

const TONE = {
  plain: 'border-transparent bg-hover text-text-2',
  outline: 'border-line-strong text-text-2 font-semibold tracking-wide',
  watch: 'border-watch bg-watch-wash text-watch font-medium',
} as const;

interface PillProps {
  readonly tone?: keyof typeof TONE;
  readonly icon?: LucideIcon;
  readonly className?: string;
  readonly title?: string;
  readonly children: ReactNode;
}

/** One word about what stands beside it. */
export function Pill({ tone = 'plain', icon: Icon, className, title, children }: PillProps) {
  return (
    <span
      title={title}
      className={classes(
        'inline-flex min-w-0 shrink-0 items-center gap-1 rounded-sm border px-1.5 text-2xs leading-4',
        TONE[tone],
        className,
      )}
    >
      {Icon !== undefined && <Icon size={12} aria-hidden className="shrink-0" />}
      {children}
    </span>
  );
}
