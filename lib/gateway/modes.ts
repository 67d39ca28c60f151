import type { GatewayCommand, GatewayEvent } from '../contracts/control.ts';
import type { Clock } from '../kernel/clock.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { ServiceRuntime } from './service-runtime.ts';

/** Node's timers hold at most this many ms; a longer one would fire at once. */
const LONGEST_TIMER = 2_147_483_647;

type SetMode = Extract<GatewayCommand, { type: 'set-mode' }>;

export interface Modes {
  /** Takes effect with the next request. @throws PitwallError not_found for an unknown service */
  set(command: SetMode): void;
  close(): void;
}

export interface ModesDeps {
  readonly clock: Clock;
  services(): readonly ServiceRuntime[];
  onChange(event: GatewayEvent): void;
}

/** The modes that people set: with a reason and an expiry, after which the configured mode returns. */
export function createModes({ clock, services, onChange }: ModesDeps): Modes {
  const timers = new Map<string, NodeJS.Timeout>();

  function change(service: ServiceRuntime, to: ServiceRuntime['mode'], why: string): void {
    const from = service.mode;
    service.mode = to;
    if (from !== to) onChange({ type: 'mode', service: service.config.name, from, to, at: clock.wall(), why });
  }

  function expire(name: string): void {
    timers.delete(name);
    const service = services().find((candidate) => candidate.config.name === name);
    if (service === undefined) return;
    service.modeReason = undefined;
    service.modeUntil = undefined;
    change(service, service.config.mode, 'the time set for it is over');
  }

  function wait(name: string, until: number): void {
    const left = Math.max(0, until - clock.wall());
    const timer = left > LONGEST_TIMER ? setTimeout(wait, LONGEST_TIMER, name, until) : setTimeout(expire, left, name);
    timers.set(name, timer.unref());
  }

  return {
    set({ service: name, mode, reason, until }) {
      const service = services().find((candidate) => candidate.config.name === name);
      if (service === undefined) throw new PitwallError('not_found', `There is no service named ${name}.`);
      clearTimeout(timers.get(name));
      timers.delete(name);
      const isConfigured = mode === service.config.mode && until === undefined;
      service.modeReason = isConfigured ? undefined : reason;
      service.modeUntil = until;
      change(service, mode, reason);
      if (until !== undefined) wait(name, until);
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}
