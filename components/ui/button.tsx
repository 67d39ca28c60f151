import type { ComponentProps } from 'react';
import { classes } from './classes';

const KIND = {
  plain: 'border border-line-strong bg-raised hover:bg-hover text-text',
  quiet: 'border border-transparent hover:bg-hover text-text-2 hover:text-text',
  strong: 'border border-transparent bg-accent text-accent-text hover:brightness-105',
  /** Quiet when it isn't: one of several filters that is on, or a choice that isn't the usual one. */
  chosen: 'border border-accent bg-raised hover:bg-hover text-accent',
  danger: 'border border-bad bg-bad-wash text-bad hover:brightness-95',
} as const;

interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: keyof typeof KIND;
  /** A square that holds only an icon; give it an aria-label. */
  readonly square?: boolean;
}

/** 32 px high; 44 px to touch. Padding and colours come with the kind: of two classes for one, the stylesheet's order would choose. */
export function Button({ kind = 'plain', square = false, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classes(
        'relative inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-md text-sm font-medium whitespace-nowrap',
        'after:absolute after:-inset-y-1.5 after:inset-x-0 disabled:opacity-60 aria-disabled:cursor-not-allowed aria-disabled:opacity-60',
        square ? 'w-8' : kind === 'quiet' || kind === 'chosen' ? 'px-2' : 'px-3',
        KIND[kind],
        className,
      )}
      {...rest}
    />
  );
}
