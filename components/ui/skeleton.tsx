import { classes } from './classes';

/** Holds the place of what is loading: as large as that, still. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden className={classes('max-w-full rounded-sm bg-hover', className)} />;
}
