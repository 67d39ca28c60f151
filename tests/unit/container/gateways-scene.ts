import { upstreamConfig } from '../../../lib/config/resolve.ts';
import { createGateways, type GatewaysOptions } from '../../../lib/container/gateways.ts';
import type { GatewayCommand, GatewayEvent, GatewaySnapshot, GatewayTopic } from '../../../lib/contracts/control.ts';
import { DEFAULT_GATEWAY } from '../../../lib/contracts/gateway-settings.ts';
import { type Config, type Service } from '../../../lib/contracts/policy.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { type PitwallError } from '../../../lib/kernel/errors.ts';

type Start = Parameters<GatewaysOptions['start']>[0];

/** A gateway thread that dies and answers on demand. */
export class FakeThread {
  readonly commands: GatewayCommand[] = [];
  readonly listeners = new Map<GatewayTopic, Set<(event: GatewayEvent) => void>>();
  readonly exited: Promise<number>;
  readonly asked: Start;
  readonly port: number;
  readonly url: string;
  die: (code: number) => void = () => undefined;
  silent = false;
  refuse: PitwallError | undefined;
  closedWith: number | undefined;

  constructor(asked: Start) {
    this.asked = asked;
    this.port = asked.port === 0 ? 5_000 : asked.port;
    this.url = `http://${asked.host}:${this.port}`;
    this.exited = new Promise((resolve) => (this.die = resolve));
  }

  readonly control = {
    snapshot: () =>
      this.silent
        ? new Promise<GatewaySnapshot>(() => undefined)
        : Promise.resolve({ worker: this.asked.worker } as GatewaySnapshot),
    command: async (command: GatewayCommand) => {
      if (this.refuse !== undefined) throw this.refuse;
      this.commands.push(command);
    },
    subscribe: (topic: GatewayTopic, listener: (event: GatewayEvent) => void) => {
      const set = this.listeners.get(topic) ?? new Set();
      this.listeners.set(topic, set.add(listener));
      return () => void set.delete(listener);
    },
  };

  reconnectDisk(): void {
    throw new Error('the storage thread is another test');
  }

  async close(graceMs: number): Promise<void> {
    this.closedWith = graceMs;
    this.die(0);
  }
}

const [a] = upstreamConfig('http://127.0.0.1:9', 0).services as [Service];
export const config: Config = { gateway: DEFAULT_GATEWAY, services: [{ ...a, name: 'a' }] };
export const settle = async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

export async function harness(override: Partial<GatewaysOptions> = {}) {
  const threads: FakeThread[] = [];
  const said: string[] = [];
  const timers: { ms: number; run: () => void; cancelled: boolean }[] = [];
  const probed: number[] = [];
  let failure: Error | undefined;
  const clock = manualClock(1_000_000);
  const create = () =>
    createGateways({
      workers: 2,
      instance: 'i',
      host: '127.0.0.1',
      port: 0,
      config,
      start: async (options) => {
        if (failure !== undefined) throw failure;
        const thread = new FakeThread(options);
        threads.push(thread);
        return thread;
      },
      probe: async (_host, port) => void probed.push(port),
      clock,
      after(ms, run) {
        const timer = { ms, run, cancelled: false };
        timers.push(timer);
        return () => (timer.cancelled = true);
      },
      logger: { debug() {}, info: (m) => void said.push(m), warn() {}, error: (m) => void said.push(m) },
      ...override,
    });
  return {
    create,
    threads,
    said,
    timers,
    probed,
    clock,
    failWith: (error: Error | undefined) => (failure = error),
    due: () => timers.filter(({ cancelled }) => !cancelled),
    async fire() {
      const [timer] = timers.splice(0, 1);
      timer?.run();
      await settle();
      return timer?.ms;
    },
  };
}

export const mode = (service: string, until?: number) =>
  ({ type: 'set-mode', service, mode: 'bypass', reason: 'test', until }) as const;
