import { stringify } from 'yaml';
import { urlFault } from '../config/target-url.ts';
import { upstreamConfig, upstreamInput, UPSTREAM_SERVICE } from '../config/resolve.ts';
import type { Onboarding, Probe } from '../contracts/onboarding.ts';
import { isLoopback } from '../kernel/loopback.ts';
import type { Clock } from '../kernel/clock.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { After } from '../kernel/timer.ts';
import { probe } from '../onboarding/probe.ts';
import { createTrials, type Trials } from '../onboarding/trial.ts';
import type { Sample } from '../../sample/thread.ts';
import { SNAPSHOT_DEADLINE_MS, type GatewayPart } from './core.ts';
import type { Handover } from './handover.ts';

/** "Use my service": from the sample to somebody's own service, without a restart. */
export interface OnboardingVerbs {
  onboarding(): Promise<Onboarding>;
  /** Rejects with `validation_failed` for what is no base URL, and with `conflict` where none can be tried. */
  probeUpstream(url: string): Promise<Probe>;
  /** The same, and with `conflict` while one is being tried. */
  startTrial(url: string): Promise<Onboarding>;
  endTrial(): Promise<Onboarding>;
}

export interface OnboardingOptions {
  /** Undefined in a console alone. */
  readonly gateway: Pick<GatewayPart, 'gateways' | 'running'> | undefined;
  readonly sample: Sample | undefined;
  readonly gatewayUrl: string;
  /** Where the console listens. */
  readonly console: { readonly host: string; readonly port: number };
  readonly cacheTtl: number;
  /** Whether other processes take part in the fleet. */
  readonly others: () => boolean;
  readonly handover: Handover;
  readonly clock: Clock;
  readonly after: After;
}

/** Probes at a time; each holds a connection for some seconds. */
export const MOST_PROBES = 8;

/** @returns with the trials, for who asks whether the sample is there */
export function createOnboarding(options: OnboardingOptions): OnboardingVerbs & { readonly trials: Trials } {
  const { gateway, sample, gatewayUrl, console: address, cacheTtl, others, handover, clock, after } = options;
  let probing = 0;

  const trials = createTrials(
    {
      service: UPSTREAM_SERVICE,
      async snapshots() {
        const snapshots = (await gateway?.gateways.snapshots(SNAPSHOT_DEADLINE_MS)) ?? [];
        return snapshots.filter((snapshot) => snapshot !== undefined);
      },
      onRequests: (listener) => gateway?.gateways.subscribe('requests', listener) ?? (() => undefined),
      take: (url) =>
        handover.take({
          config: upstreamConfig(url, cacheTtl, 'observe'),
          source: { kind: 'upstream', url },
          text: stringify(upstreamInput(url, 'observe')),
        }),
      giveBack: () => handover.giveBack(),
    },
    { clock },
  );

  /** Why no service can be tried from here. */
  function whyNot(): string | null {
    if (gateway === undefined || sample === undefined || !(handover.fronted() || trials.active)) {
      return 'The gateway has a configuration of its own: change that instead.';
    }
    if (!isLoopback(address.host)) {
      return `This console listens on ${address.host}: only one on loopback may be told what to connect to.`;
    }
    if (others()) return 'Other instances share this fleet: give all of them a configuration file instead.';
    return null;
  }

  function present(): void {
    const why = whyNot();
    if (why !== null) throw new PitwallError('conflict', why);
  }

  function parse(text: string): URL {
    const fault = urlFault(text);
    const url = URL.parse(text);
    if (fault !== undefined || url === null) throw new PitwallError('validation_failed', `body.url: ${fault}`);
    const port = portOf(url);
    const here = isThisMachine(url.hostname);
    if (here && port === portOf(new URL(gatewayUrl))) {
      throw new PitwallError(
        'validation_failed',
        'body.url: that is this gateway itself; name what is to stand behind it',
      );
    }
    if (here && port === address.port) {
      throw new PitwallError(
        'validation_failed',
        'body.url: that is this console; name what is to stand behind the gateway',
      );
    }
    return url;
  }

  async function onboarding(): Promise<Onboarding> {
    const why = whyNot();
    return { offered: why === null, why, gatewayUrl, trial: await trials.state() };
  }

  return {
    trials,
    onboarding,
    async probeUpstream(url) {
      present();
      const target = parse(url);
      if (probing >= MOST_PROBES) {
        const detail = `At most ${MOST_PROBES} services are probed at once.`;
        throw new PitwallError('too_many_requests', detail, { retryAfter: 1 });
      }
      probing++;
      try {
        return await probe(target, { clock, after });
      } finally {
        probing--;
      }
    },
    async startTrial(url) {
      present();
      parse(url);
      await trials.start(url);
      return onboarding();
    },
    async endTrial() {
      present();
      await trials.end();
      return onboarding();
    },
  };
}

/** Loopback, and what connects to it too, as URL writes it: any address, IPv4 within IPv6. */
function isThisMachine(hostname: string): boolean {
  return (
    isLoopback(hostname) ||
    hostname === '0.0.0.0' ||
    hostname === '[::]' ||
    /^\[::ffff:(7f[0-9a-f]{2}|0):/.test(hostname)
  );
}

function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}
