import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {{ passed: number, failed: number, failures?: string[] }} Tally
 * Skipped and todo tests count as failed: no test is skipped silently. `failures` has a line for each that is known by
 * name, since of a long log often only the end is kept.
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
function withRunner({ passed, failed, failures }, code) {
  const broken = failed === 0 && (code !== 0 || passed === 0);
  if (broken) return { passed, failed: 1, failures: [`no test failed, but the runner did, with code ${code}`] };
  return { passed, failed, failures };
}

/** What failed, with the first 600 characters of why: of two values that differ, the values too. @param {string} place @param {string | undefined} message */
function failure(place, message) {
  const lines = stripVTControlCharacters(message ?? '').split('\n');
  const words = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('at '));
  return words.length === 0 ? place : `${place}: ${words.join(' ').slice(0, 600)}`;
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
  /** @type {string[]} */
  const failures = [];
  let broken = 0;
  for (const file of report.testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) {
      broken++;
      failures.push(failure(relative(process.cwd(), file.name), file.message));
    }
    for (const test of file.assertionResults) {
      if (test.status === 'passed') continue;
      const place = `${relative(process.cwd(), file.name)} > ${test.fullName}`;
      failures.push(failure(place, test.failureMessages?.[0] ?? test.status));
    }
  }
  const failed = report.numTotalTests - report.numPassedTests + broken;
  return withRunner({ passed: report.numPassedTests, failed, failures }, code);
}

/**
 * Sums a report of Playwright's JSON reporter. A test that passed only on a second try is flaky, so it failed.
 * @param {string} path
 * @param {number} code exit code of the runner
 * @returns {Tally}
 */
export function tallyPlaywright(path, code) {
  const report = readReport(path);
  if (!report?.stats) return { passed: 0, failed: 1 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  const failures = specs(report).flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status !== 'expected')
      .map(({ status, results }) => failure(`${file} > ${title}`, results?.[0]?.error?.message ?? status)),
  );
  return withRunner({ passed: expected, failed: unexpected + flaky + skipped, failures }, code);
}

/**
 * Every test of a suite and of those in it.
 * @param {{ suites?: any[], specs?: any[] }} suite
 * @returns {{ file: string, title: string, tests: { status: string, results?: { error?: { message: string } }[] }[] }[]}
 */
function specs({ suites = [], specs: own = [] }) {
  return [...own, ...suites.flatMap(specs)];
}

/** A check without tests of its own counts as one. @param {number} code @returns {Tally} */
export function tallyCheck(code) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
