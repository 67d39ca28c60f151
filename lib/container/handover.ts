import type { Config } from '../contracts/policy.ts';
import type { Source } from '../contracts/running.ts';
import type { Clock } from '../kernel/clock.ts';
import { PitwallError } from '../kernel/errors.ts';
import type { Sample } from '../../sample/thread.ts';
import { SNAPSHOT_DEADLINE_MS, type GatewayPart } from './core.ts';

/** What is to run. */
export interface Next {
  readonly config: Config;
  readonly source: Source;
  /** In YAML. */
  readonly text: string;
  /** Called once it runs; where it rejects, what was there before runs again. */
  readonly keep?: () => Promise<void>;
}

export interface HandoverOptions {
  /** Undefined in a console alone. */
  readonly gateway: Pick<GatewayPart, 'gateways' | 'running'> | undefined;
  readonly sample: Sample | undefined;
  readonly gatewayUrl: string;
  /** The sample is taken away: nothing of it may go on. */
  readonly onTake: () => void;
  /** Another service is behind the gateway: what was seen of the one before is of no use. @param at wall ms */
  readonly onTurn: (at: number) => void;
  readonly clock: Clock;
}

/** How the gateway comes from the sample to somebody's own services, and back. */
export interface Handover {
  /** Whether the gateway fronts the sample now, and isn't about not to. */
  fronted(): boolean;
  /**
   * Lets the gateway run `next`; from before that no request of the sample reaches it. Rejects with `conflict` while
   * another change is under way, and as the gateway or `keep` does; then what was there before runs on.
   */
  take(next: Next): Promise<void>;
  /** Back to the sample that take() took away. Rejects alike. */
  giveBack(): Promise<void>;
  /** The sample isn't coming back in this process. */
  dismiss(): Promise<void>;
}

/** Turns of a worker's event loop after which it has read whatever was sent: one to accept, one to read, one to spare. */
const LOOP_TURNS = 3;

export function createHandover({ gateway, sample, gatewayUrl, onTake, onTurn, clock }: HandoverOptions): Handover {
  const first = gateway && {
    config: gateway.running.config(),
    source: gateway.running.source(),
    text: gateway.running.text(),
  };
  let fronted = sample !== undefined;
  let changing = false;
  /** Whether a person had stopped the traffic before the sample was taken away. */
  let stopped = false;

  /**
   * What was sent before lies in the gateway's sockets: it's accepted in one turn of a worker's loop and read in the
   * next, and a worker answers a snapshot in a turn after the one before.
   */
  async function pastWhatWasSent(): Promise<void> {
    for (let turn = 0; turn < LOOP_TURNS; turn += 1) await gateway?.gateways.snapshots(SNAPSHOT_DEADLINE_MS);
  }

  function restoreTraffic(): void {
    // Where a person had stopped it too: without a gateway there'd be nothing to resume.
    sample?.traffic.start(gatewayUrl);
    if (stopped) sample?.traffic.stop();
    fronted = true;
  }

  async function adopt({ config, source, text, keep }: Next): Promise<void> {
    if (gateway === undefined) throw new PitwallError('conflict', 'There is no gateway here.');
    const { running } = gateway;
    const before = [running.config(), running.source(), running.text()] as const;
    await running.adopt(config, source, text);
    try {
      await keep?.();
    } catch (error) {
      await running.adopt(...before);
      throw error;
    }
  }

  async function exclusively(work: () => Promise<void>): Promise<void> {
    if (changing) throw new PitwallError('conflict', 'Another configuration is being taken just now.');
    changing = true;
    try {
      await work();
    } finally {
      changing = false;
    }
  }

  async function takeFromSample(origin: Sample, next: Next): Promise<void> {
    stopped = origin.traffic.state() === 'stopped';
    fronted = false;
    const at = clock.wall();
    onTake();
    // Made-up requests must never reach somebody's service.
    await origin.traffic.halt();
    await pastWhatWasSent();
    try {
      await adopt(next);
    } catch (error) {
      restoreTraffic();
      throw error;
    }
    onTurn(at);
  }

  return {
    fronted: () => fronted,
    take: (next) => exclusively(() => (sample !== undefined && fronted ? takeFromSample(sample, next) : adopt(next))),
    giveBack: () =>
      exclusively(async () => {
        const at = clock.wall();
        if (first !== undefined) await adopt(first);
        onTurn(at);
        restoreTraffic();
      }),
    async dismiss() {
      if (!fronted) await sample?.close();
    },
  };
}
