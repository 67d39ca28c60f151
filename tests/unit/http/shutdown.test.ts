import { describe, expect, it } from 'vitest';
import { createShutdown, type ShutdownSteps } from '../../../lib/http/shutdown.ts';
import { silentLogger } from '../../../lib/kernel/logger.ts';

function harness(override: Partial<ShutdownSteps> = {}) {
  const log: string[] = [];
  const exits: number[] = [];
  const timers: { ms: number; run: () => void }[] = [];
  let exited: () => void = () => undefined;
  const exit = new Promise<void>((resolve) => (exited = resolve));
  const steps: ShutdownSteps = {
    announce: () => void log.push('announce'),
    delay: async () => void log.push('delay'),
    close: async () => void log.push('close'),
    ...override,
  };
  const shutdown = createShutdown({
    steps,
    logger: silentLogger,
    exit(code) {
      exits.push(code);
      exited();
    },
    after: (ms, run) => void timers.push({ ms, run }),
  });
  return { log, exits, exit, timers, shutdown };
}

const never = () => new Promise<void>(() => undefined);

describe('the end of the process', () => {
  it('fails readiness, waits, closes and exits with 0', async () => {
    const { shutdown, exit, log, exits } = harness();
    shutdown.signal('SIGTERM');
    expect(shutdown.state).toEqual({ kind: 'draining', why: 'SIGTERM' });
    await exit;
    expect(log).toEqual(['announce', 'delay', 'close']);
    expect(exits).toEqual([0]);
    expect(shutdown.state).toEqual({ kind: 'ended', code: 0 });
  });

  it('ends at once on the second signal', () => {
    const { shutdown, exits } = harness({ delay: never });
    shutdown.signal('SIGTERM');
    shutdown.signal('SIGINT');
    expect(exits).toEqual([1]);
  });

  it('exits with 1 when something refuses to close', async () => {
    const { shutdown, exit, exits } = harness({ close: () => Promise.reject(new Error('stuck')) });
    shutdown.signal('SIGTERM');
    await exit;
    expect(exits).toEqual([1]);
  });

  it('closes what can be closed after an error that nobody caught, and exits once with 1', async () => {
    const { shutdown, exit, exits, log, timers } = harness();
    shutdown.fail(new Error('boom'));
    await exit;
    for (const timer of timers) timer.run();
    expect(log).toEqual(['close']);
    expect(exits).toEqual([1]);
    shutdown.fail(new Error('late'));
    expect(exits).toEqual([1]);
  });

  it('exits with 1 even when closing fails, or hangs past the grace', async () => {
    const failing = harness({ close: () => Promise.reject(new Error('stuck')) });
    failing.shutdown.fail(new Error('boom'));
    await failing.exit;
    expect(failing.exits).toEqual([1]);
    const hanging = harness({ close: never });
    hanging.shutdown.fail(new Error('boom'));
    expect(hanging.exits).toEqual([]);
    for (const timer of hanging.timers) timer.run();
    expect(hanging.exits).toEqual([1]);
  });

  it('gives up at once when closing itself throws', () => {
    const { shutdown, exits } = harness({ close: never });
    shutdown.signal('SIGTERM');
    shutdown.fail(new Error('during the drain'));
    expect(exits).toEqual([1]);
  });
});
