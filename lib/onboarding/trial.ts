import type { GatewayEvent, GatewaySnapshot, RequestRecord } from '../contracts/control.ts';
import type { Trial } from '../contracts/onboarding.ts';
import type { Clock } from '../kernel/clock.ts';
import { PitwallError } from '../kernel/errors.ts';
import { countService } from './count-service.ts';
import { createObserved, type Observed } from './observed.ts';
import { patternOf } from './path-shape.ts';
import { proposePolicy } from './proposal.ts';

/** Most shapes that are shown. */
const SHOWN = 50;

/** The gateway in front of somebody's own service for a while, and what is seen meanwhile. */
export interface Trials {
  /** Rejects with `conflict` while there is one, or one begins or ends. */
  start(url: string): Promise<void>;
  /** Back to the sample. Rejects with `conflict` where there is none. */
  end(): Promise<void>;
  state(): Promise<Trial | null>;
  /** Whether the gateway doesn't front the sample now, or is about not to. */
  readonly active: boolean;
  close(): void;
}

export interface TrialPorts {
  readonly service: string;
  snapshots(): Promise<readonly GatewaySnapshot[]>;
  onRequests(listener: (event: GatewayEvent) => void): () => void;
  /** From here on no request of the sample reaches the gateway, and the gateway fronts `url` in mode observe. */
  take(url: string): Promise<void>;
  /** The gateway fronts the sample again. */
  giveBack(): Promise<void>;
}

type State =
  | { readonly kind: 'none' }
  | { readonly kind: 'changing' }
  | {
      readonly kind: 'running';
      readonly url: string;
      readonly startedAt: number;
      readonly observed: Observed;
      unseen: number;
      unsubscribe(): void;
    };
type Running = Extract<State, { kind: 'running' }>;

export function createTrials(ports: TrialPorts, { clock }: { clock: Clock }): Trials {
  let state: State = { kind: 'none' };

  function begin(url: string): Running {
    const running: Running = {
      kind: 'running',
      url,
      startedAt: clock.wall(),
      observed: createObserved(),
      unseen: 0,
      unsubscribe: ports.onRequests((event) => {
        if (event.type !== 'requests') return;
        running.unseen += event.dropped;
        for (const record of event.records) if (isOurs(record)) running.observed.note(record);
      }),
    };
    return running;
  }

  const isOurs = ({ service }: RequestRecord): boolean => service === ports.service;

  async function describe({ url, startedAt, observed, unseen }: Running): Promise<Trial> {
    const snapshots = await ports.snapshots();
    const services = snapshots.flatMap((each) => each.services).filter(({ service }) => service === ports.service);
    const routes = services.flatMap((each) => each.routes);
    const { requests, originCalls, failed } = countService(snapshots, ports.service);
    const counts = {
      requests,
      observed: routes.reduce((sum, route) => sum + route.observed, 0),
      wouldHave: routes.reduce((sum, route) => sum + route.wouldHave, 0),
    };
    const rows = observed.rows();
    return {
      url,
      service: ports.service,
      mode: services[0]?.mode ?? 'observe',
      startedAt,
      ...counts,
      originCalls,
      failed,
      shapes: rows.slice(0, SHOWN).map(({ shape, ...row }) => ({ ...row, shape: patternOf(shape) })),
      other: observed.other() + rows.slice(SHOWN).reduce((sum, row) => sum + row.requests, 0),
      unseen,
      policy: proposePolicy({ service: ports.service, url, rows, ...counts, from: startedAt, to: clock.wall() }),
    };
  }

  return {
    get active() {
      return state.kind !== 'none';
    },
    async start(url) {
      if (state.kind !== 'none')
        throw new PitwallError('conflict', 'A service is being tried already: end that first.');
      state = { kind: 'changing' };
      const running = begin(url);
      try {
        await ports.take(url);
        state = running;
      } catch (error) {
        running.unsubscribe();
        state = { kind: 'none' };
        throw error;
      }
    },
    async end() {
      if (state.kind !== 'running') throw new PitwallError('conflict', 'No service is being tried.');
      const running = state;
      state = { kind: 'changing' };
      try {
        await ports.giveBack();
      } catch (error) {
        state = running;
        throw error;
      }
      running.unsubscribe();
      state = { kind: 'none' };
    },
    state: async () => (state.kind === 'running' ? describe(state) : null),
    close() {
      if (state.kind === 'running') state.unsubscribe();
      state = { kind: 'none' };
    },
  };
}
