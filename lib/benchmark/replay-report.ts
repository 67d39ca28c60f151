import { RESULTS } from '../contracts/traffic.ts';
import { sumOf, type Answered, type GatewayCount } from './answered.ts';
import type { Quantiles } from './latency.ts';
import type { ReplayTally } from './replay.ts';
import { describeSkipped, type Skipped } from './skipped.ts';
import {
  alignColumns,
  formatBytes,
  formatCount,
  formatDuration,
  formatMs,
  formatShare,
  formatTime,
} from './text-table.ts';

export interface ReplayReport {
  readonly file: string;
  readonly gateway: string;
  readonly origin: string;
  /** Stopped before the end of the log. */
  readonly interrupted: boolean;
  readonly seconds: number;
  readonly speed: number | 'max';
  readonly concurrency: number;
  /** Wall ms of the log's first and last line. */
  readonly log: { readonly from: number; readonly to: number } | null;
  /** Freshness assumed, seconds of the log's time; null = the running gateway's own policies. */
  readonly ttlSeconds: number | null;
  readonly requests: number;
  readonly originCalls: number;
  /** 1 − origin calls ÷ requests. */
  readonly saved: number | null;
  readonly answered: Answered;
  /** Refused before the gateway knew a route for them, e.g. for their URL. */
  readonly refused: number;
  /** 'gateway' = its own counters; 'cache-status' = what its answers said, since its counters hold other clients too. */
  readonly countedBy: 'gateway' | 'cache-status';
  readonly bytesServed: number;
  readonly bytesSaved: number | null;
  /** ms to the last byte, on the client's clock. */
  readonly hit: Quantiles | null;
  readonly miss: Quantiles | null;
  readonly errors: {
    /** 5xx of the origin, as passed on. */
    readonly origin: number | null;
    readonly gateway: number | null;
    readonly serverErrors: number;
    readonly wire: number;
    readonly wireReasons: Readonly<Record<string, number>>;
  };
  /** Cut short by an interruption. */
  readonly unfinished: number;
  readonly lagMs: number;
  readonly skipped: Skipped;
  /** What doesn't add up; empty when all does. */
  readonly faults: readonly string[];
}

export type ReplayFacts = Pick<
  ReplayReport,
  'file' | 'gateway' | 'origin' | 'interrupted' | 'seconds' | 'speed' | 'concurrency' | 'ttlSeconds' | 'skipped'
>;

/**
 * Puts the client's tally and the gateway's own counters together, and checks one against the other.
 * @param counted the gateway's counters; undefined for a running gateway, which other clients use too
 * @param originSaw requests that reached the replay's own origin; undefined for any other origin
 */
export function replayReport(
  facts: ReplayFacts,
  tally: ReplayTally,
  counted: GatewayCount | undefined,
  originSaw: number | undefined,
): ReplayReport {
  const answered = counted?.answered ?? { ...tally.answered };
  const originCalls = counted?.originCalls ?? originSaw ?? tally.answered.origin;
  const { sent, firstAt, lastAt } = tally;
  return {
    ...facts,
    log: firstAt === undefined ? null : { from: firstAt, to: lastAt ?? firstAt },
    requests: sent,
    originCalls,
    saved: sent === 0 ? null : 1 - originCalls / sent,
    answered,
    refused: counted?.refused ?? tally.refused,
    countedBy: counted === undefined ? 'cache-status' : 'gateway',
    bytesServed: tally.bytes,
    bytesSaved: counted?.bytesSaved ?? null,
    hit: tally.hit.quantiles(),
    miss: tally.miss.quantiles(),
    errors: {
      origin: counted?.originErrors ?? null,
      gateway: counted?.gatewayErrors ?? null,
      serverErrors: tally.serverErrors,
      wire: tally.failed,
      wireReasons: Object.fromEntries(tally.failures),
    },
    unfinished: sent - tally.replied - tally.failed,
    lagMs: tally.lagMs,
    faults: findFaults(facts, tally, counted, originSaw),
  };
}

function findFaults(
  facts: ReplayFacts,
  tally: ReplayTally,
  counted: GatewayCount | undefined,
  originSaw: number | undefined,
): string[] {
  const faults: string[] = [];
  const expect = (what: string, left: number, right: number): void => {
    if (left !== right) faults.push(`${what}: ${formatCount(left)} against ${formatCount(right)}`);
  };
  expect('answers seen by the client, against requests answered', sumOf(tally.answered) + tally.refused, tally.replied);
  // What was cut short may not have reached the gateway, or not be counted yet.
  if (counted === undefined || facts.interrupted || tally.failed > 0) return faults;
  expect('requests sent, against the sum of the gateway’s answers', tally.sent, counted.requests);
  expect('requests refused, seen by the client, against the gateway’s count', tally.refused, counted.refused);
  for (const result of RESULTS) {
    expect(
      `"${result}" by Cache-Status, against the gateway’s count`,
      tally.answered[result],
      counted.answered[result],
    );
  }
  expect('body bytes received, against those the gateway sent', tally.bytes - tally.refusedBytes, counted.bytesSent);
  if (originSaw !== undefined)
    expect('calls that reached the origin, against the gateway’s count', originSaw, counted.originCalls);
  return faults;
}

const NAMES: Readonly<Record<keyof Answered, string>> = {
  l1: 'L1 hot',
  l2: 'L2 session',
  l3: 'L3 persistent',
  stale: 'Stale',
  coalesced: 'Coalesced',
  origin: 'Origin',
  error: 'Error',
};

/** The report for people. */
export function describeReplay(report: ReplayReport): string {
  const { requests, answered, errors, speed, log } = report;
  const rate = report.seconds === 0 ? 0 : requests / report.seconds;
  const quantiles = (name: string, q: Quantiles | null): string[] => [
    name,
    ...(q === null ? ['–', '–', '–'] : [formatMs(q.p50), formatMs(q.p95), formatMs(q.p99)]),
  ];
  const lines = [
    `Replayed ${formatCount(requests)} requests of ${report.file} in ${formatDuration(report.seconds * 1_000)} (${formatCount(rate)}/s)${report.interrupted ? ', then interrupted' : ''}`,
    `Through           ${report.gateway} -> ${report.origin}; speed ${speed === 'max' ? 'max' : `${speed}x`}, at most ${report.concurrency} at a time`,
    log === null
      ? 'Log               no request in it'
      : `Log               ${formatTime(log.from)} to ${formatTime(log.to)}`,
    `TTL assumed       ${describeTtl(report)}`,
    '',
    ...alignColumns([
      ['Requests', formatCount(requests)],
      ['Origin calls', formatCount(report.originCalls)],
      ['Saved', formatShare(requests - report.originCalls, requests)],
    ]),
    '',
    ...alignColumns([
      ['Answered by', 'requests', 'share'],
      ...RESULTS.filter((result) => result !== 'l3' || answered.l3 > 0).map((result) => [
        `  ${NAMES[result]}`,
        formatCount(answered[result]),
        formatShare(answered[result], requests),
      ]),
      ...(report.refused > 0
        ? [['  Refused', formatCount(report.refused), formatShare(report.refused, requests)]]
        : []),
    ]),
    '',
    ...alignColumns([
      ['Bytes', 'served', formatBytes(report.bytesServed)],
      ...(report.bytesSaved === null
        ? []
        : [['', 'saved', formatBytes(report.bytesSaved), formatShare(report.bytesSaved, report.bytesServed)]]),
    ]),
    '',
    ...alignColumns([
      ['Latency, ms', 'p50', 'p95', 'p99'],
      quantiles('  hit', report.hit),
      quantiles('  miss', report.miss),
    ]),
    '',
    `Errors            ${describeErrors(errors)}`,
    ...describeSkipped(report.skipped),
  ];
  if (report.unfinished > 0) lines.push(`Cut short         ${formatCount(report.unfinished)} requests`);
  if (report.lagMs > 1_000)
    lines.push(`Behind the log    ${formatDuration(report.lagMs)}: slower than the log's own pace`);
  if (report.countedBy === 'cache-status') {
    lines.push("Counted by Cache-Status: a running gateway's own counters hold other clients too.");
  }
  for (const fault of report.faults) lines.push(`DOESN'T ADD UP    ${fault}`);
  return `${lines.join('\n')}\n`;
}

function describeTtl({ ttlSeconds, speed }: ReplayReport): string {
  if (ttlSeconds === null) return "none: the running gateway's own policies apply";
  const assumed = `${ttlSeconds} s, since logs carry no headers`;
  if (speed === 'max')
    return `${assumed}; at full speed the log's hours pass in seconds, so little expires (see --simulate)`;
  return speed === 1 ? assumed : `${assumed} (${ttlSeconds / speed} s at ${speed}x)`;
}

function describeErrors({ origin, gateway, serverErrors, wire, wireReasons }: ReplayReport['errors']): string {
  const made =
    origin === null || gateway === null
      ? `${formatCount(serverErrors)} × 5xx`
      : `${formatCount(origin)} × 5xx of the origin, ${formatCount(gateway)} of the gateway`;
  const reasons = Object.entries(wireReasons).map(([why, times]) => `${times} × ${why}`);
  return `${made}, ${formatCount(wire)} on the wire${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`;
}
