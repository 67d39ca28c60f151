import { format } from 'node:util';
import { afterAll, afterEach, expect } from 'vitest';

const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/** Console lines since the last check. A test that expects one spies on the console itself. */
let lines: string[] = [];

// Assigned, not spied on: vi.restoreAllMocks() in a test must not silence this.
for (const method of METHODS) {
  console[method] = (...args: unknown[]) => {
    lines.push(`console.${method}: ${format(...args)}`);
  };
}

function expectQuiet(): void {
  const seen = lines;
  lines = [];
  expect(seen, 'an unexpected console line fails a test').toEqual([]);
}

afterEach(expectQuiet);
afterAll(expectQuiet);
