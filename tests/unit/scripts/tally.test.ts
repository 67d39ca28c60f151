import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tallyCheck, tallyPlaywright, tallyVitest } from '../../../scripts/tally.mjs';
import { folderWith } from './folder.ts';

const report = (content: object) => join(folderWith({ 'r.json': JSON.stringify(content) }), 'r.json');
const file = (status: string, tests: number) => ({
  name: join(process.cwd(), 'a.test.ts'),
  status,
  message: 'Cannot find module',
  assertionResults: Array.from({ length: tests }, () => ({ status: 'passed' })),
});

describe('vitest', () => {
  it.each([
    ['all passed', { numTotalTests: 3, numPassedTests: 3, testResults: [file('passed', 3)] }, 0, 3, 0],
    ['one skipped', { numTotalTests: 3, numPassedTests: 2, testResults: [file('passed', 3)] }, 0, 2, 1],
    ['a file that does not load', { numTotalTests: 2, numPassedTests: 2, testResults: [file('failed', 0)] }, 1, 2, 1],
    ['too little coverage', { numTotalTests: 2, numPassedTests: 2, testResults: [file('passed', 2)] }, 1, 2, 1],
    ['no tests', { numTotalTests: 0, numPassedTests: 0, testResults: [] }, 0, 0, 1],
  ])('%s', (_what, content, code, passed, failed) => {
    expect(tallyVitest(report(content), code)).toMatchObject({ passed, failed });
  });

  it('names what failed, and says why in short', () => {
    const failed = {
      ...file('failed', 1),
      assertionResults: [
        {
          status: 'failed',
          fullName: 'one two',
          failureMessages: ['\u001b[31mexpected 1\u001b[39m\n\n  to be 2\n    at file.ts:3'],
        },
        { status: 'passed', fullName: 'three' },
        { status: 'skipped', fullName: 'four', failureMessages: [] },
      ],
    };
    const content = { numTotalTests: 3, numPassedTests: 1, testResults: [failed, file('failed', 0)] };
    expect(tallyVitest(report(content), 1).failures).toEqual([
      'a.test.ts > one two: expected 1 to be 2',
      'a.test.ts > four: skipped',
      'a.test.ts: Cannot find module',
    ]);
  });

  it('says so when only the runner failed', () => {
    const content = { numTotalTests: 2, numPassedTests: 2, testResults: [file('passed', 2)] };
    expect(tallyVitest(report(content), 3).failures).toEqual(['no test failed, but the runner did, with code 3']);
  });

  it('no report is a failure', () => {
    expect(tallyVitest('/nowhere', 0)).toEqual({ passed: 0, failed: 1 });
  });
});

describe('Playwright', () => {
  it.each([
    ['all passed', { expected: 4, unexpected: 0, flaky: 0, skipped: 0 }, 0, 4, 0],
    ['flaky and skipped count as failed', { expected: 4, unexpected: 1, flaky: 1, skipped: 1 }, 1, 4, 3],
    ['a server that does not start', { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }, 1, 0, 1],
  ])('%s', (_what, stats, code, passed, failed) => {
    expect(tallyPlaywright(report({ stats }), code)).toMatchObject({ passed, failed });
  });

  it('names what failed and what was flaky, however deep it is', () => {
    const spec = (title: string, status: string, message?: string) => ({
      file: 'a.test.ts',
      title,
      tests: [{ status, results: [message === undefined ? {} : { error: { message } }] }],
    });
    const content = {
      stats: { expected: 1, unexpected: 1, flaky: 1, skipped: 0 },
      suites: [
        { specs: [spec('one', 'expected')], suites: [{ specs: [spec('two', 'unexpected', 'timed out\nat …')] }] },
        { specs: [spec('three', 'flaky')] },
      ],
    };
    expect(tallyPlaywright(report(content), 1).failures).toEqual([
      'a.test.ts > two: timed out',
      'a.test.ts > three: flaky',
    ]);
  });

  it('no report is a failure', () => {
    expect(tallyPlaywright('/nowhere', 0)).toEqual({ passed: 0, failed: 1 });
  });
});

it('a check counts as one', () => {
  expect([tallyCheck(0), tallyCheck(2)]).toEqual([
    { passed: 1, failed: 0 },
    { passed: 0, failed: 1 },
  ]);
});
