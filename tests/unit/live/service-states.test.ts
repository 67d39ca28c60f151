import { describe, expect, it } from 'vitest';
import { serviceStates } from '../../../lib/live/service-states.ts';
import type { GatewaySnapshot, ServiceSnapshot } from '../../../lib/contracts/control.ts';
import type { BreakerState } from '../../../lib/contracts/traffic.ts';

const service = (breaker: BreakerState, since: number, triedAt?: number): ServiceSnapshot => ({
  service: 'chat',
  sample: false,
  mode: 'cache',
  modeReason: undefined,
  modeUntil: undefined,
  targets: [{ url: 'http://o', breaker, since, triedAt, lastFailure: undefined }],
  routes: [],
});
const worker = (...services: ServiceSnapshot[]) => ({ services }) as unknown as GatewaySnapshot;

describe('the state of services over several workers', () => {
  it('shows the worst breaker of a target, whichever worker has it', () => {
    const open = service('open', 5);
    const closed = service('closed', 1);
    for (const snapshots of [
      [worker(open), worker(closed)],
      [worker(closed), worker(open)],
    ]) {
      expect(serviceStates(snapshots)).toEqual([
        {
          service: 'chat',
          sample: false,
          mode: 'cache',
          modeReason: null,
          modeUntil: null,
          targets: [{ url: 'http://o', breaker: 'open', since: 5, triedAt: null, lastFailure: null }],
        },
      ]);
    }
  });

  it('dates an outage from the first worker that saw it, and tells the last trial of any', () => {
    const of = (...services: ServiceSnapshot[]) => serviceStates(services.map((each) => worker(each)))[0]?.targets[0];
    const trying = service('half-open', 3, 9);
    for (const states of [
      [service('open', 5, 7), trying],
      [trying, service('open', 5, 7)],
    ]) {
      expect(of(...states)).toMatchObject({ breaker: 'open', since: 3, triedAt: 9 });
    }
    expect(of(service('open', 5), service('half-open', 3))).toMatchObject({ since: 3, triedAt: null });
    expect(of(service('held-open', 5), trying)).toMatchObject({ breaker: 'held-open', since: 5 });
  });

  it('keeps the first worker’s order and mode', () => {
    const held = { ...service('closed', 1), mode: 'observe' as const, modeReason: 'look', modeUntil: 9 };
    expect(serviceStates([worker(held), worker(service('closed', 2))])[0]).toMatchObject({
      mode: 'observe',
      modeReason: 'look',
      modeUntil: 9,
    });
    expect(serviceStates([])).toEqual([]);
  });
});
