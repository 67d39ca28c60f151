'use client';

import { formatTime } from '@/components/ui/format';
import { useCrosshair } from './crosshair';
import { useStretch } from './zoom';

/** The moment under the crosshair, or the stretch that is being marked out, in the corner of the charts. */
export function CrosshairTime() {
  const at = useCrosshair();
  const stretch = useStretch();
  const words = at === null ? '' : formatTime(at);
  return (
    <p className="absolute top-4 right-0 font-mono text-xs text-text-2" aria-hidden>
      {stretch === null ? words : `${formatTime(stretch.from)} – ${formatTime(stretch.to)}`}
    </p>
  );
}
