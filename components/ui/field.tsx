import type { ComponentProps } from 'react';
import { ChevronDown } from 'lucide-react';
import { classes } from './classes';

/** 32 px high; on a phone 16 px letters, since Safari zooms into smaller ones. */
const FIELD =
  'h-8 min-w-0 rounded-md border border-line-field bg-raised text-text placeholder:text-text-3 max-md:text-base disabled:opacity-60 aria-invalid:border-bad';

interface Mono {
  /** For what is typed letter by letter: URLs, tags, names. */
  readonly mono?: boolean;
}

const look = (mono: boolean, className?: string) => classes(FIELD, mono && 'font-mono md:text-xs', className);

/** Text to type; give it a label. */
export function Input({ mono = false, className, ...rest }: ComponentProps<'input'> & Mono) {
  return <input autoComplete="off" className={classes('px-3', look(mono, className))} {...rest} />;
}

/** One of several names; give it a label. */
export function Select({ mono = false, className, ...rest }: ComponentProps<'select'> & Mono) {
  return (
    <span className={classes('relative inline-flex min-w-0', className)}>
      <select className={classes('w-full appearance-none truncate pr-7 pl-2', look(mono))} {...rest} />
      <ChevronDown size={14} aria-hidden className="pointer-events-none absolute top-[9px] right-2 text-text-3" />
    </span>
  );
}

/** What a field, or a group of them, is called; the name of a fieldset is a legend of the same look. */
export function Label({ as: As = 'label', ...rest }: ComponentProps<'label'> & { readonly as?: 'label' | 'legend' }) {
  const { className, ...others } = rest;
  return <As className={classes('mb-1 block text-xs font-medium text-text-2', className)} {...(others as object)} />;
}
