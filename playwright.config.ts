import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';

const CHROMIUM: PlaywrightTestConfig['use'] = {
  browserName: 'chromium',
  // Recording every step takes as much of the machine as the test: on CI nobody could look at it anyway.
  trace: process.env['CI'] === undefined ? 'retain-on-failure' : 'off',
  launchOptions: {
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
};

/** Debian's Firefox by WebDriver BiDi, which knows no colour scheme of its own at the start. */
const FIREFOX: PlaywrightTestConfig['use'] = {
  browserName: 'firefox',
  channel: 'moz-firefox',
  colorScheme: null,
  launchOptions: { executablePath: '/usr/bin/firefox-esr' },
};

/** What measures times and bytes, by Chromium's inspector. */
const TIMED = '**/quality.test.ts';

/** What says nothing of a browser: parts on their own in development, and the server behind the page. */
const ONCE = ['**/gallery.test.ts', '**/real-server.test.ts'];
/** What Firefox's driver can't do: it is light only, has no fingers, and tells of no downloads. */
const NOT_BY_BIDI = /\bdark\b|by touch|as a download/;

/**
 * Real browsers against the built console: `next build` comes first (npm test does both). Chromium runs everything;
 * WebKit has a driver of its own (tests/webkit).
 */
export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  forbidOnly: true,
  // Tests mostly wait for ticks and for browsers: two go on at a time, each with a fixture of its own.
  workers: 2,
  // Long for one that hangs; short for a walk through a wizard with axe at each step, on a machine that does other work.
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: 'list',
  use: { viewport: { width: 1440, height: 900 } },
  projects: [
    { name: 'chromium', use: CHROMIUM, testIgnore: TIMED },
    { name: 'firefox', use: FIREFOX, testIgnore: [TIMED, ...ONCE], grepInvert: NOT_BY_BIDI },
    // What measures times has the machine for itself: after all others, one at a time.
    { name: 'timed', use: CHROMIUM, testMatch: TIMED, dependencies: ['chromium', 'firefox'], workers: 1 },
  ],
});
