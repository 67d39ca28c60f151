import type { Clock } from '../lib/kernel/clock.ts';
import type { TrafficState } from './message.ts';

/** Who wants traffic: a person's word stands; without one, traffic runs while somebody watches, and a while after. */
export interface Attention {
  start(): void;
  stop(): void;
  resume(): void;
  watchers(count: number): void;
  state(): TrafficState;
}

/** @param deps.idleAfterMs how long it runs on with nobody watching */
export function createAttention({ clock, idleAfterMs }: { clock: Clock; idleAfterMs: number }): Attention {
  let wish: 'off' | 'run' | 'stop' = 'off';
  let watching = 0;
  let seenAt = 0;
  return {
    start() {
      if (wish !== 'off') return;
      wish = 'run';
      seenAt = clock.mono();
    },
    stop() {
      wish = 'stop';
    },
    resume() {
      wish = 'run';
      seenAt = clock.mono();
    },
    watchers(count) {
      if (watching > 0) seenAt = clock.mono();
      watching = count;
    },
    state() {
      if (wish !== 'run') return wish === 'stop' ? 'stopped' : 'off';
      return watching === 0 && clock.mono() - seenAt >= idleAfterMs ? 'idle' : 'running';
    },
  };
}
