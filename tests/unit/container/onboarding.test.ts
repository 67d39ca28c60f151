import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import { createHandover } from '../../../lib/container/handover.ts';
import { createOnboarding, MOST_PROBES, type OnboardingOptions } from '../../../lib/container/onboarding.ts';
import { createSampleStories } from '../../../lib/container/sample-stories.ts';
import type { Config } from '../../../lib/contracts/policy.ts';
import type { Source } from '../../../lib/contracts/running.ts';
import { manualClock } from '../../../lib/kernel/clock.ts';
import { after as systemAfter } from '../../../lib/kernel/timer.ts';
import type { TrafficState } from '../../../sample/thread.ts';
import { config as sampleConfig } from './gateways-scene.ts';

let traffic: TrafficState;
let did: string[];
let running: { config: Config; source: Source; text: string };
let refusal: Error | undefined;
let release: (() => void) | undefined;

const sample = {
  originUrl: 'http://127.0.0.1:41234',
  traffic: {
    start: (url: string) => void (traffic === 'off' && (traffic = 'running'), did.push(`start ${url}`)),
    stop: () => void ((traffic = 'stopped'), did.push('stop')),
    resume: () => void ((traffic = 'running'), did.push('resume')),
    watchers: () => undefined,
    halt: async () => void ((traffic = 'off'), did.push('halt')),
    state: () => traffic,
  },
  fail: (seconds: number) => void did.push(`fail ${seconds}`),
  heal: () => void did.push('heal'),
  burst: (_url: string, requests: number) =>
    new Promise<never>((resolve) => (release = () => resolve({ requests } as never))),
  close: async () => undefined,
};
const gateway = {
  gateways: {
    async snapshots() {
      if (traffic === 'off' && running.source.kind === 'sample') did.push('turn of the loop');
      return [undefined];
    },
    subscribe: () => () => undefined,
  },
  running: {
    config: () => running.config,
    source: () => running.source,
    text: () => running.text,
    async adopt(config: Config, source: Source, text: string) {
      did.push(`adopt ${source.kind}`);
      if (refusal !== undefined) throw refusal;
      running = { config, source, text };
    },
  },
} as unknown as NonNullable<OnboardingOptions['gateway']>;

const GATEWAY = 'http://127.0.0.1:8080';
const MINE = 'http://127.0.0.1:9000';
const after = () => () => undefined;
const open = (given: Partial<OnboardingOptions> = {}) =>
  createOnboarding({
    gateway,
    sample,
    gatewayUrl: GATEWAY,
    console: { host: '127.0.0.1', port: 3000 },
    cacheTtl: 0,
    others: () => false,
    handover: createHandover({
      gateway,
      sample,
      gatewayUrl: GATEWAY,
      onTake: () => did.push('taken'),
      onTurn: (at) => did.push(`turned ${at}`),
      clock: manualClock(),
    }),
    clock: manualClock(),
    after,
    ...given,
  });

beforeEach(() => {
  traffic = 'running';
  did = [];
  refusal = undefined;
  running = { config: sampleConfig, source: { kind: 'sample' }, text: 'the sample' };
});

describe('a service in place of the sample', () => {
  it('has the gateway only once the sample is quiet, and gives it back', async () => {
    const onboarding = open();
    expect(await onboarding.startTrial(MINE)).toMatchObject({ offered: true, trial: { url: MINE, requests: 0 } });
    expect(did.slice(0, 5)).toEqual(['taken', 'halt', ...Array(3).fill('turn of the loop')]);
    expect(did.slice(5, 7)).toEqual(['adopt upstream', 'turned 0']);
    expect(running.config.services).toMatchObject([{ name: 'default', mode: 'observe', targets: [{ url: MINE }] }]);
    expect(await onboarding.endTrial()).toMatchObject({ trial: null });
    expect(running).toEqual({ config: sampleConfig, source: { kind: 'sample' }, text: 'the sample' });
    expect(did.slice(7)).toEqual(['adopt sample', 'turned 0', `start ${GATEWAY}`]);
    expect(traffic).toBe('running');
  });

  it('leaves traffic stopped that a person had stopped', async () => {
    traffic = 'stopped';
    const onboarding = open();
    await onboarding.startTrial(MINE);
    await onboarding.endTrial();
    expect(traffic).toBe('stopped');
    // There must be something to resume.
    expect(did.slice(-2)).toEqual([`start ${GATEWAY}`, 'stop']);
  });

  it('is refused by the gateway: the sample goes on', async () => {
    refusal = new Error('no worker');
    const onboarding = open();
    await expect(onboarding.startTrial(MINE)).rejects.toThrow('no worker');
    expect([traffic, running.source.kind, onboarding.trials.active]).toEqual(['running', 'sample', false]);
    expect(did).not.toContain('turned 0');
  });

  it.each([
    ['ftp://a/', /expected an http/],
    ['http://u:p@a/', /without user name/],
    ['http://a/?', /without a query/],
    [`${GATEWAY}/x`, /this gateway itself/],
    ['http://0:8080', /this gateway itself/],
    ['http://[::]:8080', /this gateway itself/],
    ['http://[::ffff:127.0.0.1]:8080', /this gateway itself/],
    ['http://localhost:3000', /this console/],
  ])('is never %s', async (url, why) => {
    const onboarding = open();
    for (const verb of [onboarding.probeUpstream, onboarding.startTrial]) {
      await expect(verb(url)).rejects.toMatchObject({ code: 'validation_failed', message: expect.stringMatching(why) });
    }
    expect(did).toEqual([]);
  });

  it('may stand on this gateway’s port of another machine, and on default ports', async () => {
    await expect(open({ gatewayUrl: 'http://127.0.0.1:443' }).startTrial('https://127.0.0.1')).rejects.toThrow(
      /itself/,
    );
    await expect(open({ gatewayUrl: 'http://127.0.0.1:80' }).startTrial('http://127.0.0.1')).rejects.toThrow(/itself/);
    expect(await open().startTrial('http://192.0.2.7:8080')).toMatchObject({ trial: { url: 'http://192.0.2.7:8080' } });
  });

  it('is probed by a few at a time', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const onboarding = open({ after: systemAfter });
    const probes = Array.from({ length: MOST_PROBES }, () => onboarding.probeUpstream(url));
    await expect(onboarding.probeUpstream(url)).rejects.toMatchObject({ code: 'too_many_requests', retryAfter: 1 });
    silent.close();
    silent.closeAllConnections();
    await Promise.allSettled(probes);
    expect(await onboarding.probeUpstream(url)).toMatchObject({ reached: false });
  });

  it.each<[string, Partial<OnboardingOptions>, RegExp]>([
    ['a gateway elsewhere', { gateway: undefined }, /configuration of its own/],
    ['a real upstream', { sample: undefined }, /configuration of its own/],
    ['a console for all the world', { console: { host: '0.0.0.0', port: 3000 } }, /listens on 0\.0\.0\.0/],
    ['others in the fleet', { others: () => true }, /Other instances/],
  ])('can’t be tried with %s', async (_, given, why) => {
    const onboarding = open(given);
    expect(await onboarding.onboarding()).toMatchObject({ offered: false, why: expect.stringMatching(why) });
    for (const act of [() => onboarding.probeUpstream(MINE), () => onboarding.startTrial(MINE), onboarding.endTrial]) {
      await expect(act()).rejects.toMatchObject({ code: 'conflict', message: expect.stringMatching(why) });
    }
  });
});

describe('the sample’s stories', () => {
  const stories = (fronted = true, given: typeof sample | null = sample) =>
    createSampleStories({
      gateway,
      sample: given ?? undefined,
      gatewayUrl: GATEWAY,
      fronted: () => fronted,
      clock: manualClock(),
      after,
    });

  it('are one burst at a time', async () => {
    const told = stories();
    const first = told.burst(7);
    await expect(told.burst(1)).rejects.toMatchObject({ code: 'conflict' });
    release?.();
    expect(await first).toEqual({ requests: 7 });
    const again = told.burst(8);
    release?.();
    expect(await again).toEqual({ requests: 8 });
  });

  it('stop and start the traffic, break and mend the origin', async () => {
    const told = stories();
    expect(told.runSampleTraffic(false)).toBe('stopped');
    expect(told.runSampleTraffic(true)).toBe('running');
    expect(await told.breakSample(3)).toMatchObject({ traffic: 'running', outage: { phase: 'failing', seconds: 3 } });
    expect(await told.mendSample()).toMatchObject({ outage: { phase: 'over', stoppedEarly: true } });
    expect(did).toEqual(['stop', 'resume', 'fail 3', 'heal']);
  });

  it.each([
    ['without a sample', stories(true, null)],
    ['while it is away', stories(false)],
  ])('are none %s', async (_, told) => {
    expect(await told.sampleState()).toEqual({ traffic: 'off', outage: null });
    expect(() => told.runSampleTraffic(true)).toThrow(expect.objectContaining({ code: 'not_found' }));
    for (const act of [() => told.burst(1), () => told.breakSample(1), told.mendSample]) {
      await expect(act()).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});
