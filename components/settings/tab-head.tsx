import type { ReactNode } from 'react';

/** What a tab is about, and what can be begun there. */
export function TabHead({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 pt-4 pb-2">
      <p className="max-w-2xl min-w-0 text-text-2">{children}</p>
      {action}
    </div>
  );
}
