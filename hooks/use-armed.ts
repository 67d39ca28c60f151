import { useCallback, useEffect, useState } from 'react';

/** ms within which the second press has to come. */
const CONFIRM_MS = 5_000;

export interface Armed {
  /** The first press was made, and the second counts. */
  readonly armed: boolean;
  arm(): void;
  /** Voids the first press. */
  disarm(): void;
}

/** What takes two presses: the first arms, for 5 s. */
export function useArmed(): Armed {
  const [armed, setArmed] = useState(false);
  useEffect(() => {
    if (!armed) return;
    const timer = setTimeout(() => setArmed(false), CONFIRM_MS);
    return () => clearTimeout(timer);
  }, [armed]);
  const arm = useCallback(() => setArmed(true), []);
  const disarm = useCallback(() => setArmed(false), []);
  return { armed, arm, disarm };
}
