'use client';

import { useSyncExternalStore } from 'react';
import { keyCaps } from '@/hooks/commands';

const never = () => () => undefined;
const isMac = () => /Mac|iPhone|iPad/.test(navigator.platform);

/** The keys of one shortcut, in the notation of the commands. */
export function Kbd({ keys }: { keys: string }) {
  const mac = useSyncExternalStore(never, isMac, () => false);
  return (
    <span className="inline-flex gap-1">
      {keyCaps(keys, mac).map((cap, i) => (
        <kbd
          key={i}
          className="min-w-5 rounded-sm border border-line-strong px-1 text-center font-mono text-2xs leading-4.5 text-text-2"
        >
          {cap}
        </kbd>
      ))}
    </span>
  );
}
