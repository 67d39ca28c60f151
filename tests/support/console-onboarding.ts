import type { Onboarding, Probe } from '../../lib/contracts/onboarding.ts';
import type { Mode } from '../../lib/contracts/traffic.ts';
import type { ObservedRow } from '../../lib/onboarding/observed.ts';
import { patternOf, shapeOf } from '../../lib/onboarding/path-shape.ts';
import { whyNot } from '../../lib/onboarding/probe-words.ts';
import { proposePolicy } from '../../lib/onboarding/proposal.ts';

const row = (method: string, path: string, part: Partial<ObservedRow>): ObservedRow => ({
  method,
  shape: shapeOf(path),
  requests: 0,
  saved: 0,
  reasons: {},
  failed: 0,
  repeats: 0,
  changed: 0,
  withinTtl: 0,
  meanMs: 41.7,
  ...part,
});

const ROWS: readonly ObservedRow[] = [
  row('GET', '/api/products/7', { requests: 812, saved: 655, reasons: { cold: 120, expired: 37 }, repeats: 690 }),
  row('GET', '/api/prices', { requests: 240, reasons: { 'no-freshness': 240 }, repeats: 239, withinTtl: 221 }),
  row('GET', '/api/me', { requests: 96, reasons: { private: 90, 'no-store': 6 }, meanMs: 18.2 }),
  row('POST', '/api/cart/7/items', { requests: 31, reasons: { method: 31 }, meanMs: 77.5 }),
  row('GET', '/api/orders/1042/invoices/2026-11-27', { requests: 25, reasons: { authorization: 25 } }),
];

/** The steps of "Use my service" in the fixture: a service at any URL but one on port 1, and requests after a while. */
export interface FixtureOnboarding {
  /** @returns undefined for what is no URL */
  probe(url: string): Probe | undefined;
  start(url: string, now: number): void;
  end(): void;
  readonly trying: boolean;
  state(mode: Mode, now: number): Onboarding;
}

/** How long the first request takes to come, ms. */
const FIRST_MS = 1_500;

export function createFixtureOnboarding(offered: boolean): FixtureOnboarding {
  let trial: { readonly url: string; readonly at: number } | undefined;
  return {
    get trying() {
      return trial !== undefined;
    },
    probe(text) {
      const url = URL.parse(text);
      if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
      if (url.port === '1') {
        return { reached: false, url: url.href, step: 'tcp', ...whyNot('tcp', 'ECONNREFUSED', url) };
      }
      return {
        reached: true,
        url: url.href,
        address: '192.0.2.7',
        dnsMs: 1.2,
        tcpMs: 0.8,
        tlsMs: 11.3,
        firstByteMs: 84.2,
        tls: 'TLSv1.3',
        httpVersion: '1.1',
        status: 200,
        cacheControl: null,
        validator: 'etag',
        notes: ['No Cache-Control here: such answers are cached only where a policy gives them a ttl.'],
      };
    },
    start(url, now) {
      trial = { url, at: now };
    },
    end() {
      trial = undefined;
    },
    state(mode, now) {
      const why = offered ? null : 'The gateway has a configuration of its own: change that instead.';
      const state = { offered, why, gatewayUrl: 'http://127.0.0.1:8080', trial: null };
      if (trial === undefined) return state;
      const { url, at } = trial;
      const rows = now - at < FIRST_MS ? [] : ROWS;
      const requests = rows.reduce((sum, each) => sum + each.requests, 0);
      const wouldHave = rows.reduce((sum, each) => sum + each.saved, 0);
      const counts = { requests, observed: requests, wouldHave };
      return {
        ...state,
        trial: {
          ...{ url, service: 'default', mode, startedAt: at, ...counts, originCalls: requests, failed: 0 },
          shapes: rows.map(({ shape, ...each }) => ({ ...each, shape: patternOf(shape) })),
          other: 0,
          unseen: 0,
          policy: proposePolicy({ service: 'default', url, rows, ...counts, from: at, to: now }),
        },
      };
    },
  };
}
