'use client';

import { formatTime } from '@/components/ui/format';
import { useCrosshair } from './crosshair';

/** The moment under the crosshair, in the corner of the charts. */
export function CrosshairTime() {
  const at = useCrosshair();
  return (
    <p className="absolute top-4 right-0 font-mono text-xs text-text-2" aria-hidden>
      {at === null ? '' : formatTime(at)}
    </p>
  );
}
