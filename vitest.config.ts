import { defineConfig } from 'vitest/config';

const node = {
  environment: 'node' as const,
  // Deadlines for what hangs: long, since machines do other work too. Whatever measures a time has a bound of its own.
  testTimeout: 60_000,
  hookTimeout: 120_000,
  setupFiles: ['tests/support/quiet-console.ts'],
};

export default defineConfig({
  resolve: { alias: { '@': import.meta.dirname } },
  test: {
    allowOnly: false,
    coverage: {
      provider: 'v8',
      reportOnFailure: true,
      include: ['lib/**/*.ts'],
      exclude: ['lib/storage/database/generated/**'],
      reporter: ['text-summary', 'json', 'json-summary'],
      reportsDirectory: 'coverage',
      thresholds: { lines: 95, branches: 90 },
    },
    projects: [
      { extends: true, test: { ...node, name: 'unit', include: ['tests/unit/**/*.test.{ts,tsx}'] } },
      { extends: true, test: { ...node, name: 'contract', include: ['tests/contract/**/*.test.ts'] } },
      {
        extends: true,
        test: { ...node, name: 'integration', include: ['tests/integration/**/*.test.ts'], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: { ...node, name: 'conformance', include: ['tests/conformance/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { ...node, name: 'webkit', include: ['tests/webkit/**/*.test.ts'], testTimeout: 120_000 },
      },
    ],
  },
});
