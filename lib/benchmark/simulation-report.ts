import type { Simulation } from './simulate.ts';
import { describeSkipped, type Skipped } from './skipped.ts';
import { alignColumns, formatBytes, formatCount, formatDuration, formatShare, formatTime } from './text-table.ts';

export interface SimulationReport extends Simulation {
  readonly file: string;
  readonly seconds: number;
  readonly ttlSeconds: number;
  readonly interrupted: boolean;
  /** Lines that stood after a younger one. */
  readonly reordered: number;
  readonly skipped: Skipped;
  /** What doesn't add up; empty when all does. */
  readonly faults: readonly string[];
}

export function simulationReport(
  facts: Pick<SimulationReport, 'file' | 'seconds' | 'ttlSeconds' | 'interrupted' | 'reordered' | 'skipped'>,
  simulation: Simulation,
): SimulationReport {
  const faults = simulation.caches.flatMap((cache) => {
    const sum = cache.l1 + cache.l2 + cache.origin + simulation.refused;
    const budget = formatBytes(cache.memoryBytes);
    return [
      ...(sum === simulation.requests ? [] : [`${budget}: ${sum} answers to ${simulation.requests} requests`]),
      ...(cache.bytes <= cache.budgetBytes ? [] : [`${budget}: it held ${cache.bytes} bytes`]),
    ];
  });
  return { ...facts, ...simulation, faults };
}

/** The report for people. */
export function describeSimulation(report: SimulationReport): string {
  const { requests, firstAt, lastAt, caches } = report;
  const lines = [
    `Simulated ${formatCount(requests)} requests of ${report.file} in ${formatDuration(report.seconds * 1_000)}${report.interrupted ? ', then interrupted' : ''}`,
    firstAt === undefined || lastAt === undefined
      ? 'Log               no request in it'
      : `Log               ${formatTime(firstAt)} to ${formatTime(lastAt)} (${formatDuration(lastAt - firstAt)})`,
    `TTL assumed       ${report.ttlSeconds} s of the log's own time, since logs carry no headers`,
    '',
    ...alignColumns([
      [
        'Memory',
        'hits',
        'L1',
        'L2',
        'origin calls',
        'of them 304',
        'bytes saved',
        'evictions',
        'held in L2 at the end',
      ],
      ...caches.map((cache) => [
        formatBytes(cache.memoryBytes),
        formatShare(cache.l1 + cache.l2, requests),
        formatShare(cache.l1, requests),
        formatShare(cache.l2, requests),
        formatCount(cache.origin),
        formatCount(cache.revalidated),
        formatShare(cache.bytesSaved, cache.bytesServed),
        formatCount(cache.evictions),
        `${formatCount(cache.entries)} in ${formatBytes(cache.bytes)}`,
      ]),
    ]),
    '',
    `Requests          ${formatCount(requests)}`,
  ];
  if (report.refused > 0)
    lines.push(`Refused           ${formatCount(report.refused)} with a URL that the gateway refuses`);
  if (report.reordered > 0) {
    const late = report.late > 0 ? `; ${formatCount(report.late)} came too late for that` : '';
    lines.push(`Out of order      ${formatCount(report.reordered)} lines, put in order${late}`);
  }
  lines.push(...describeSkipped(report.skipped));
  for (const fault of report.faults) lines.push(`DOESN'T ADD UP    ${fault}`);
  return `${lines.join('\n')}\n`;
}
