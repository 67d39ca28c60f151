import { beforeEach, describe, expect, it } from 'vitest';
import { createHandover, type HandoverOptions, type Next } from '../../../lib/container/handover.ts';
import type { Config } from '../../../lib/contracts/policy.ts';
import type { Source } from '../../../lib/contracts/running.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import type { Sample, TrafficState } from '../../../sample/thread.ts';
import { config } from './gateways-scene.ts';

let traffic: TrafficState;
let running: { config: Config; source: Source; text: string };
let did: string[];

const sample = {
  traffic: {
    start: () => void ((traffic = 'running'), did.push('start')),
    stop: () => void (traffic = 'stopped'),
    halt: async () => void (traffic = 'off'),
    state: () => traffic,
  },
  close: async () => void did.push('close'),
} as unknown as Sample;
const gateway = {
  gateways: { snapshots: async () => [] },
  running: {
    config: () => running.config,
    source: () => running.source,
    text: () => running.text,
    adopt: async (next: Config, source: Source, text: string) => void (running = { config: next, source, text }),
  },
} as unknown as NonNullable<HandoverOptions['gateway']>;

const open = (given: Partial<HandoverOptions> = {}) =>
  createHandover({
    gateway,
    sample,
    gatewayUrl: 'http://127.0.0.1:8080',
    onTake: () => did.push('taken'),
    onTurn: () => did.push('turned'),
    clock: manualClock(),
    ...given,
  });
const next = (given: Partial<Next> = {}): Next => ({ config, source: { kind: 'console' }, text: 'mine', ...given });

beforeEach(() => {
  traffic = 'running';
  did = [];
  running = { config, source: { kind: 'sample' }, text: 'the sample' };
});

describe('from the sample to one’s own', () => {
  it('is for good once the sample is dismissed; the next one finds no sample', async () => {
    const handover = open();
    await handover.dismiss();
    expect([handover.fronted(), did]).toEqual([true, []]);
    await handover.take(next());
    await handover.dismiss();
    expect([handover.fronted(), traffic, running.text]).toEqual([false, 'off', 'mine']);
    await handover.take(next({ text: 'other' }));
    expect([running.text, did]).toEqual(['other', ['taken', 'turned', 'close']]);
  });

  it('runs what was there before where the new one can’t be kept, sample or not', async () => {
    const handover = open();
    const full = next({ keep: () => Promise.reject(new Error('disk full')) });
    await expect(handover.take(full)).rejects.toThrow('disk full');
    expect([handover.fronted(), traffic, running.source.kind, running.text]).toEqual([
      true,
      'running',
      'sample',
      'the sample',
    ]);
    await handover.take(next());
    await expect(handover.take({ ...full, text: 'other' })).rejects.toThrow('disk full');
    expect(running.text).toBe('mine');
  });

  it('is one change at a time, and none without a gateway', async () => {
    const handover = open();
    const first = handover.take(next());
    await expect(handover.take(next({ text: 'other' }))).rejects.toMatchObject({ code: 'conflict' });
    await expect(handover.giveBack()).rejects.toMatchObject({ code: 'conflict' });
    await first;
    expect(running.text).toBe('mine');
    await expect(open({ gateway: undefined, sample: undefined }).take(next())).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});
