import { readFileSync } from 'node:fs';

/**
 * @typedef {{ passed: number, failed: number }} Tally
 * Skipped and todo tests count as failed: no test is skipped silently.
 */

/** @param {string} path @returns {any} undefined when there is no readable report */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A runner that failed though no test did (coverage, a crash, no tests at all) failed once. @param {Tally} tally @param {number} code @returns {Tally} */
function withRunner({ passed, failed }, code) {
  const broken = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: broken ? 1 : failed };
}

/**
 * Sums a report of vitest's JSON reporter.
 * @param {string} path
 * @param {number} code exit code of the runner
 * @returns {Tally}
 */
export function tallyVitest(path, code) {
  const report = readReport(path);
  if (!report) return { passed: 0, failed: 1 };
  const broken = report.testResults.filter(
    (/** @type {any} */ file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const failed = report.numTotalTests - report.numPassedTests + broken;
  return withRunner({ passed: report.numPassedTests, failed }, code);
}

/**
 * Sums a report of Playwright's JSON reporter. A test that passed only on a second try is flaky, so it failed.
 * @param {string} path
 * @param {number} code exit code of the runner
 * @returns {Tally}
 */
export function tallyPlaywright(path, code) {
  const stats = readReport(path)?.stats;
  if (!stats) return { passed: 0, failed: 1 };
  return withRunner({ passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped }, code);
}

/** A check without tests of its own counts as one. @param {number} code @returns {Tally} */
export function tallyCheck(code) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
