import { describe, expect, it } from 'vitest';
import { noAnswers, type GatewayCount } from '../../../lib/benchmark/answered.ts';
import { createLatency } from '../../../lib/benchmark/latency.ts';
import { describeReplay, replayReport } from '../../../lib/benchmark/replay-report.ts';
import type { ReplayTally } from '../../../lib/benchmark/replay.ts';

const FACTS = {
  file: 'x.log',
  gateway: 'http://127.0.0.1:1',
  origin: 'http://127.0.0.1:2 (auto)',
  interrupted: false,
  seconds: 2,
  speed: 'max',
  concurrency: 8,
  ttlSeconds: 60,
  skipped: { count: 0, reasons: {}, first: [] },
} as const;

function tally(more: Partial<ReplayTally> = {}): ReplayTally {
  return {
    sent: 10,
    replied: 10,
    failed: 0,
    failures: new Map(),
    answered: { ...noAnswers(), l1: 4, l2: 3, origin: 2 },
    refused: 1,
    refusedBytes: 50,
    serverErrors: 0,
    bytes: 2_048,
    hit: createLatency(),
    miss: createLatency(),
    firstAt: Date.UTC(2025, 1, 3, 10),
    lastAt: Date.UTC(2025, 1, 3, 11),
    lagMs: 0,
    ...more,
  };
}
const COUNT: GatewayCount = {
  requests: 10,
  refused: 1,
  answered: { ...noAnswers(), l1: 4, l2: 3, origin: 2 },
  originCalls: 2,
  originErrors: 0,
  gatewayErrors: 0,
  bytesSent: 1_998,
  bytesSaved: 1_024,
};

describe('replay report', () => {
  it('shows what was saved, and by which level', () => {
    const full = tally();
    full.hit.record(2);
    const report = replayReport(FACTS, full, COUNT, 2);
    expect(report).toMatchObject({ requests: 10, originCalls: 2, saved: 0.8, faults: [], unfinished: 0 });
    const text = describeReplay(report);
    expect(text).toMatch(/^Saved +80\.0 %$/m);
    expect(text).toMatch(/^ {2}L1 hot +4 +40\.0 %$/m);
    expect(text).toMatch(/^ {2}Refused +1 +10\.0 %$/m);
    expect(text).not.toContain('L3');
    expect(text).toMatch(/saved +1\.0 KiB +50\.0 %/);
    expect(text).toMatch(/^ {2}hit +2\.\d+ +2\.\d+ +2\.\d+$/m);
    expect(text).toMatch(/^ {2}miss +– +– +–$/m);
    expect(text).toContain('2025-02-03 10:00:00 UTC to 2025-02-03 11:00:00 UTC');
    expect(text).toContain('TTL assumed       60 s, since logs carry no headers; at full speed');
  });

  it('names every figure that disagrees', () => {
    const wrong = { ...COUNT, requests: 9, refused: 0, answered: { ...COUNT.answered, l1: 3 }, bytesSent: 1 };
    const { faults } = replayReport(FACTS, tally(), wrong, 3);
    expect(faults).toEqual([
      expect.stringMatching(/^requests sent.*10 against 9$/),
      expect.stringMatching(/^requests refused.*1 against 0$/),
      expect.stringMatching(/^"l1" by Cache-Status.*4 against 3$/),
      expect.stringMatching(/^body bytes.*1,998 against 1$/),
      expect.stringMatching(/^calls that reached the origin.*3 against 2$/),
    ]);
    expect(describeReplay(replayReport(FACTS, tally(), wrong, 3))).toContain("DOESN'T ADD UP    requests sent");
    expect(replayReport(FACTS, tally({ replied: 9 }), undefined, undefined).faults).toHaveLength(1);
  });

  it('does not hold an interruption or a cut wire against the gateway', () => {
    const wrong = { ...COUNT, requests: 9 };
    expect(replayReport({ ...FACTS, interrupted: true }, tally(), wrong, 2).faults).toEqual([]);
    const failed = tally({ sent: 12, failed: 1, failures: new Map([['reset', 1]]) });
    const report = replayReport(FACTS, failed, wrong, 2);
    expect(report.faults).toEqual([]);
    expect(describeReplay(report)).toContain('1 on the wire (1 × reset)');
    expect(describeReplay(report)).toContain('Cut short         1 requests');
  });

  it('counts a running gateway by its answers', () => {
    const report = replayReport(
      { ...FACTS, ttlSeconds: null, speed: 10 },
      tally({ lagMs: 5_000 }),
      undefined,
      undefined,
    );
    expect(report).toMatchObject({ countedBy: 'cache-status', originCalls: 2, bytesSaved: null });
    const text = describeReplay(report);
    expect(text).toContain("TTL assumed       none: the running gateway's own policies apply");
    expect(text).toContain('0 × 5xx, 0 on the wire');
    expect(text).toContain('Counted by Cache-Status');
    expect(text).toContain('Behind the log    5.0 s');
    expect(text).toContain('speed 10x');
  });

  it('says how the speed shrinks the TTL', () => {
    expect(describeReplay(replayReport({ ...FACTS, speed: 10 }, tally(), COUNT, 2))).toContain(
      'no headers (6 s at 10x)',
    );
    expect(describeReplay(replayReport({ ...FACTS, speed: 1 }, tally(), COUNT, 2))).toMatch(/no headers$/m);
  });

  it('has nothing to say of an empty log', () => {
    const empty = tally({
      sent: 0,
      replied: 0,
      answered: noAnswers(),
      refused: 0,
      bytes: 0,
      firstAt: undefined,
      lastAt: undefined,
    });
    const none = {
      ...COUNT,
      requests: 0,
      refused: 0,
      answered: noAnswers(),
      originCalls: 0,
      bytesSent: 0,
      bytesSaved: 0,
    };
    const report = replayReport({ ...FACTS, seconds: 0 }, empty, { ...none, bytesSent: -50 }, 0);
    expect(report).toMatchObject({ saved: null, log: null, faults: [] });
    expect(describeReplay(report)).toMatch(/^Saved +–$/m);
  });
});
