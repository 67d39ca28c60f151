import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { GatewaySnapshot } from '../contracts/control.ts';

/** How often the event loop's delay is looked at, ms; Node counts this interval itself as delay. */
const RESOLUTION_MS = 10;

/** How late and how busy the event loop of this thread is. */
export interface LoopMeter {
  /** Of the last whole window. */
  readonly figures: Pick<GatewaySnapshot, 'eventLoop' | 'utilisation'>;
  /** Ends a window. */
  turn(): void;
  close(): void;
}

export function createLoopMeter(): LoopMeter {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let figures: LoopMeter['figures'] = { eventLoop: { p50: 0, p99: 0, max: 0 }, utilisation: 0 };
  let used = performance.eventLoopUtilization();
  return {
    get figures() {
      return figures;
    },
    turn() {
      const before = used;
      used = performance.eventLoopUtilization();
      const { utilization: utilisation } = performance.eventLoopUtilization(used, before);
      const eventLoop = { p50: late(delay.percentile(50)), p99: late(delay.percentile(99)), max: late(delay.max) };
      figures = { eventLoop, utilisation };
      delay.reset();
    },
    close: () => delay.disable(),
  };
}

/** Delay beyond the interval, ms; 0 where nothing was measured. */
function late(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) || 0;
}
