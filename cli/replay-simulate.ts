import { systemClock } from '../lib/kernel/clock.ts';
import { createMemoryLevel } from '../lib/cache/stores/memory-level.ts';
import { makeEntry } from '../lib/cache/entry.ts';
import { DEFAULT_GATEWAY } from '../lib/contracts/gateway-settings.ts';
import { DEFAULT_POLICY } from '../lib/contracts/policy.ts';
import { requestKey } from '../lib/dedup/request-key.ts';
import { parseTarget } from '../lib/dedup/request-target.ts';
import { HOT_SHARE } from '../lib/gateway/gateway.ts';
import { RESIDENCY_MS } from '../lib/gateway/hot-cache.ts';
import { isFresh } from '../lib/http-cache/freshness.ts';
import { judge } from '../lib/http-cache/storable.ts';
import type { AccessLine } from '../lib/benchmark/access-log.ts';
import { createOrdering } from '../lib/benchmark/in-order.ts';
import { openLogFile } from '../lib/benchmark/log-file.ts';
import { createProgress } from '../lib/benchmark/progress.ts';
import { simulate, type CacheParts } from '../lib/benchmark/simulate.ts';
import { describeSimulation, simulationReport } from '../lib/benchmark/simulation-report.ts';
import { createSkipCounter } from '../lib/benchmark/skipped.ts';
import { spreadWithinSeconds } from '../lib/benchmark/spread.ts';
import type { ReplayOptions } from './replay-options.ts';
import type { Terminal } from './terminal.ts';

const PARTS: CacheParts = { createMemoryLevel, makeEntry, judge, isFresh, requestKey, parseTarget };

/** `pitwall replay --simulate`: the real cache on the log's own clock. @param signal ends it with what is known so far */
export async function replaySimulated(
  options: ReplayOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const log = await openLogFile(options.file);
  const skips = createSkipCounter();
  const ordering = createOrdering();
  const progress = createProgress({ stream: terminal.err, clock: systemClock });
  const startedAt = systemClock.mono();
  let requests = 0;

  async function* observed(batches: AsyncIterable<readonly AccessLine[]>): AsyncGenerator<readonly AccessLine[]> {
    for await (const lines of batches) {
      requests += lines.length;
      yield lines;
      progress.show(log.bytesRead() / log.size, requests);
      // A breath for signals: all else here is synchronous.
      await new Promise((resolve) => setImmediate(resolve));
      if (signal.aborted) return;
    }
  }

  const settings = {
    ttlMs: options.ttlMs,
    budgets: options.memory,
    hotShare: HOT_SHARE,
    residencyMs: RESIDENCY_MS,
    maxEntry: DEFAULT_POLICY.maxEntry,
    maxUrlLength: DEFAULT_GATEWAY.maxUrlLength,
  };
  const simulation = await simulate(
    spreadWithinSeconds(ordering.inOrder(observed(skips.pass(log.batches())))),
    settings,
    PARTS,
  );
  progress.end();
  const facts = {
    file: options.file,
    seconds: (systemClock.mono() - startedAt) / 1_000,
    ttlSeconds: options.ttlMs / 1_000,
    interrupted: signal.aborted,
    reordered: ordering.reordered(),
    skipped: skips.skipped(),
  };
  const report = simulationReport(facts, simulation);
  terminal.out.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : describeSimulation(report));
  return report.faults.length > 0 ? 1 : 0;
}
