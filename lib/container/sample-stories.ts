import type { BurstAnswer, SampleState } from '../contracts/sample.ts';
import type { Clock } from '../kernel/clock.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { After } from '../kernel/timer.ts';
import { createOutages, type Outages } from '../onboarding/outage.ts';
import { SAMPLE_SERVICE } from '../../sample/service.ts';
import type { Sample } from '../../sample/thread.ts';
import { SNAPSHOT_DEADLINE_MS, type GatewayPart } from './core.ts';

/** The stories of the first minute: what people can do to the sample. All reject with `not_found` without one. */
export interface SampleStories {
  sampleState(): Promise<SampleState>;
  runSampleTraffic(run: boolean): SampleState['traffic'];
  /** Rejects with `conflict` while another is under way. */
  burst(requests: number): Promise<BurstAnswer>;
  /** Rejects with `conflict` while it's broken. */
  breakSample(seconds: number): Promise<SampleState>;
  mendSample(): Promise<SampleState>;
}

export interface SampleStoriesOptions {
  /** Undefined in a console alone, or in front of a real service. */
  readonly gateway: Pick<GatewayPart, 'gateways'> | undefined;
  readonly sample: Sample | undefined;
  readonly gatewayUrl: string;
  /** Whether the gateway fronts the sample now. */
  readonly fronted: () => boolean;
  readonly clock: Clock;
  readonly after: After;
}

/** @returns with the outages, for who takes the sample away */
export function createSampleStories(options: SampleStoriesOptions): SampleStories & { readonly outages: Outages } {
  const { gateway, sample, gatewayUrl, fronted, clock, after } = options;
  let bursting = false;

  const outages = createOutages(
    {
      service: SAMPLE_SERVICE,
      async snapshots() {
        const snapshots = (await gateway?.gateways.snapshots(SNAPSHOT_DEADLINE_MS)) ?? [];
        return snapshots.filter((snapshot) => snapshot !== undefined);
      },
      onBreaker: (listener) => gateway?.gateways.subscribe('breaker', listener) ?? (() => undefined),
      fail: (seconds) => sample?.fail(seconds),
      heal: () => sample?.heal(),
    },
    { clock, after },
  );

  function present(): Sample {
    if (sample !== undefined && fronted()) return sample;
    throw new PitwallError('not_found', 'There is no sample here: the gateway fronts a real service.');
  }

  const traffic = (): SampleState['traffic'] => (sample !== undefined && fronted() ? sample.traffic.state() : 'off');

  const sampleState = async (): Promise<SampleState> => ({ traffic: traffic(), outage: await outages.state() });

  return {
    outages,
    sampleState,
    runSampleTraffic(run) {
      if (run) present().traffic.resume();
      else present().traffic.stop();
      return traffic();
    },
    async burst(requests) {
      const origin = present();
      if (bursting) throw new PitwallError('conflict', 'Another burst is under way.', { retryAfter: 1 });
      bursting = true;
      try {
        return await origin.burst(gatewayUrl, requests);
      } finally {
        bursting = false;
      }
    },
    async breakSample(seconds) {
      present();
      await outages.start(seconds);
      return sampleState();
    },
    async mendSample() {
      present();
      outages.stop();
      return sampleState();
    },
  };
}
