import { defineConfig } from 'vitest/config';

const node = {
  environment: 'node' as const,
  testTimeout: 20_000,
  // Real servers and databases start in hooks, on machines that do other work too.
  hookTimeout: 60_000,
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
        test: { ...node, name: 'integration', include: ['tests/integration/**/*.test.ts'], testTimeout: 60_000 },
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
