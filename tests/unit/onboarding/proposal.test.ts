import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../lib/config/yaml-file.ts';
import type { Config } from '../../../lib/contracts/policy.ts';
import { MISS_REASONS, type MissReason } from '../../../lib/contracts/traffic.ts';
import { compilePath } from '../../../lib/gateway/match.ts';
import type { ObservedRow } from '../../../lib/onboarding/observed.ts';
import { shapeOf } from '../../../lib/onboarding/path-shape.ts';
import { MOST_ROUTES, proposePolicy } from '../../../lib/onboarding/proposal.ts';

const row = (path: string, given: Partial<ObservedRow> = {}): ObservedRow => ({
  method: 'GET',
  shape: shapeOf(path),
  requests: 100,
  saved: 0,
  reasons: {},
  failed: 0,
  repeats: 40,
  changed: 0,
  withinTtl: 30,
  meanMs: 12,
  ...given,
});
const silent = (path: string, given: Partial<ObservedRow> = {}): ObservedRow =>
  row(path, { reasons: { 'no-freshness': 100 }, ...given });
const propose = (...rows: ObservedRow[]): string =>
  proposePolicy({
    service: 'default',
    url: 'http://127.0.0.1:9000/base',
    rows,
    requests: 500,
    observed: 400,
    wouldHave: 100,
    from: Date.UTC(2026, 10, 27, 10),
    to: Date.UTC(2026, 10, 27, 10, 5, 1),
  });
const parsed = (yaml: string): Config =>
  parseConfig(yaml, 'pitwall.yaml', {
    cacheTtl: 0,
    readFile: () => {
      throw new Error('no file is named');
    },
  });
/** The policy that a path would get. */
const policyOf = (config: Config, path: string) =>
  config.services[0]!.routes.find((route) => compilePath(route.path).test(path))!.policy;

describe('a proposed configuration', () => {
  it('is whole and valid with nothing observed', () => {
    const yaml = propose();
    expect(parsed(yaml).services).toMatchObject([
      { name: 'default', mode: 'cache', targets: [{ url: 'http://127.0.0.1:9000/base' }], routes: [{ name: '*' }] },
    ]);
    expect(yaml).toContain('# From 500 requests between 2026-11-27 10:00:00 and 2026-11-27 10:05:01 UTC.');
    expect(yaml).toContain('# 100 (25 %) would have needed no origin call, with no policy at all.');
  });

  it('proposes a ttl only where the origin said nothing, and repeats were the same', () => {
    const yaml = propose(silent('/status'));
    expect(policyOf(parsed(yaml), '/status').ttl).toBe(10_000);
    expect(yaml).toMatch(/# 100 of 100 answers said nothing about freshness\. Asked again 40 times/);
    expect(yaml).toMatch(/With 10s, 30 would have been saved/);
    const refused: ObservedRow[] = [
      silent('/status', { changed: 1 }),
      silent('/status', { repeats: 2 }),
      silent('/status', { failed: 1 }),
      silent('/status', { method: 'POST' }),
      silent('/status', { requests: 4, reasons: { 'no-freshness': 4 } }),
      row('/status', { reasons: { 'no-freshness': 80, private: 20 } }),
    ];
    for (const each of refused) {
      expect(parsed(propose(each)).services[0]!.routes).toHaveLength(1);
      expect(propose(each)).toContain('# Left as they are:\n');
    }
  });

  it('proposes a grace for errors where the origin says how long answers are fresh', () => {
    const yaml = propose(row('/chats/1', { saved: 70, reasons: { cold: 20, expired: 10 } }));
    expect(policyOf(parsed(yaml), '/chats/9')).toMatchObject({ ttl: 0, staleIfError: 300_000 });
    expect(yaml).toContain('70 of 100 needed no origin call as it is');
  });

  it('leaves what is private alone, also where a pattern would match it', () => {
    const yaml = propose(silent('/users/1'), row('/users/me', { reasons: { private: 90, 'no-freshness': 10 } }));
    expect(policyOf(parsed(yaml), '/users/77').ttl).toBe(10_000);
    expect(policyOf(parsed(yaml), '/users/me').ttl).toBe(0);
    expect(yaml).toContain('# Left as it is: 0 of 100 saved as it is, private (90), no Cache-Control (10).');
  });

  it('has a bounded number of routes, and no pattern that would match what found no room', () => {
    const left = Array.from({ length: MOST_ROUTES + 1 }, (_, i) => {
      const word = `${'abcdefgh'[i % 8]}${'ijklmnop'[(i / 8) | 0]}`;
      return row(`/users/${word}`, { reasons: { private: 100 } });
    });
    const config = parsed(propose(silent('/users/1'), silent('/health'), ...left));
    expect(config.services[0]!.routes.length).toBeLessThanOrEqual(2 * MOST_ROUTES + 1);
    expect(policyOf(config, '/users/2').ttl).toBe(0);
    expect(policyOf(config, '/health').ttl).toBe(10_000);
  });

  it('is valid for whatever was asked, and never ignores what forbids storing', () => {
    const path = fc.webPath().map((each) => each || '/');
    const wild = fc.string({ unit: 'binary', maxLength: 80 }).map((each) => `/${each}`);
    const count = fc.nat({ max: 200 });
    const rows = fc.array(
      fc.record({
        path: fc.oneof(path, wild),
        method: fc.constantFrom('GET', 'POST', 'BREW\n- evil: true'),
        reason: fc.constantFrom<MissReason>(...MISS_REASONS),
        requests: count,
        saved: count,
        missed: count,
        repeats: count,
        changed: count,
      }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(rows, (given) => {
        const unique = new Map(
          given.map(({ path: asked, reason, missed, ...rest }) => [
            JSON.stringify([rest.method, shapeOf(asked)]),
            row(asked, { ...rest, reasons: { [reason]: missed } }),
          ]),
        );
        const yaml = propose(...unique.values());
        expect(parsed(yaml).services[0]!.routes.every(({ policy }) => policy.ignore.length === 0)).toBe(true);
        expect(yaml).not.toMatch(/^- evil/m);
      }),
      { numRuns: 300 },
    );
  });
});
