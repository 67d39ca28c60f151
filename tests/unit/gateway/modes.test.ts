import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { GatewayEvent } from '../../../lib/contracts/control.ts';
import { createModes, type Modes } from '../../../lib/gateway/modes.ts';
import type { Origin } from '../../../lib/gateway/origin.ts';
import { runServices, type ServiceRuntime } from '../../../lib/gateway/service-runtime.ts';
import { gatewayConfig } from '../../support/gateway.ts';

const DAY = 86_400_000;
let services: ServiceRuntime[];
let events: GatewayEvent[];
let modes: Modes;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  services = runServices(gatewayConfig('http://o.test'), [], () => ({}) as Origin);
  events = [];
  modes = createModes({
    clock: { wall: () => Date.now(), mono: () => Date.now() },
    services: () => services,
    onChange: (event) => events.push(event),
  });
});

afterEach(() => {
  modes.close();
  vi.useRealTimers();
});

const set = (mode: 'cache' | 'observe' | 'bypass', until?: number): void =>
  modes.set({ type: 'set-mode', service: 's', mode, reason: 'why', until });

it('says each change once, and why', () => {
  set('bypass');
  set('bypass');
  set('cache');
  expect(events).toEqual([
    { type: 'mode', service: 's', from: 'cache', to: 'bypass', at: 0, why: 'why' },
    { type: 'mode', service: 's', from: 'bypass', to: 'cache', at: 0, why: 'why' },
  ]);
  expect(services[0]).toMatchObject({ mode: 'cache', modeReason: undefined });
});

it('comes back when the time is over', () => {
  set('observe', 1_000);
  expect(services[0]).toMatchObject({ mode: 'observe', modeReason: 'why', modeUntil: 1_000 });
  vi.advanceTimersByTime(999);
  expect(services[0]?.mode).toBe('observe');
  vi.advanceTimersByTime(1);
  expect(services[0]).toMatchObject({ mode: 'cache', modeReason: undefined, modeUntil: undefined });
  expect(events.at(-1)).toMatchObject({ to: 'cache', why: 'the time set for it is over' });
});

it('a later setting voids the earlier time', () => {
  set('bypass', 1_000);
  set('observe');
  vi.advanceTimersByTime(5_000);
  expect(services[0]?.mode).toBe('observe');
});

it('waits for longer than a timer of Node can', () => {
  set('bypass', 60 * DAY);
  vi.advanceTimersByTime(59 * DAY);
  expect(services[0]?.mode).toBe('bypass');
  vi.advanceTimersByTime(DAY);
  expect(services[0]?.mode).toBe('cache');
});

it('a time in the past ends at once', () => {
  vi.setSystemTime(10_000);
  set('bypass', 5_000);
  vi.advanceTimersByTime(1);
  expect(services[0]?.mode).toBe('cache');
});

it('finds the service as a reload left it, or not at all', () => {
  set('bypass', 1_000);
  services = runServices(
    gatewayConfig('http://o.test', { service: { mode: 'observe' } }),
    services,
    () => ({}) as Origin,
  );
  expect(services[0]).toMatchObject({ mode: 'bypass', modeUntil: 1_000 });
  vi.advanceTimersByTime(1_000);
  expect(services[0]?.mode).toBe('observe');
  set('bypass', 3_000);
  services = [];
  vi.advanceTimersByTime(5_000);
  expect(events).toHaveLength(3);
});

it('close ends the waiting', () => {
  set('bypass', 1_000);
  modes.close();
  vi.advanceTimersByTime(5_000);
  expect(services[0]?.mode).toBe('bypass');
});
