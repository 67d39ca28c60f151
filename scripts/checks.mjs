import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What dependency-cruiser walks; a folder that isn't there yet is left out. */
const CRUISED = ['app', 'bench', 'bin', 'cli', 'components', 'hooks', 'lib', 'sample', 'scripts', 'tests', 'server.ts'];

/**
 * The checks of this repository, each as arguments for the Node of `findNode`. The cached forms keep
 * what they know of unchanged files in .pitwall/; the plain ones look at everything.
 * @param {string} root
 */
export function checks(root) {
  /** @param {string[]} parts */
  const tool = (...parts) => join(root, 'node_modules', ...parts);
  const eslint = [tool('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'];
  const prettier = [tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'];
  const vitest = [tool('vitest', 'vitest.mjs'), 'run'];
  return {
    typegen: { name: 'typegen', args: [tool('next', 'dist', 'bin', 'next'), 'typegen'] },
    types: { name: 'types', args: [tool('typescript', 'bin', 'tsc'), '--noEmit', '-p', '.'] },
    lint: {
      plain: { name: 'lint', args: eslint },
      cached: { name: 'lint', args: [...eslint, '--cache', '--cache-location', '.pitwall/eslint/'] },
    },
    imports: {
      name: 'imports',
      args: [
        tool('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'),
        ...CRUISED.filter((path) => existsSync(join(root, path))),
      ],
    },
    format: {
      plain: { name: 'format', args: prettier },
      cached: { name: 'format', args: [...prettier, '--cache', '--cache-location', '.pitwall/prettier'] },
    },
    unit: { plain: { name: 'unit', args: [...vitest, '--project', 'unit'] } },
    /** @param {('unit' | 'contract' | 'integration' | 'conformance' | 'webkit')[]} projects @param {string} report @param {string[]} more */
    vitest: (projects, report, more = []) => ({
      name: projects.join(', '),
      args: [
        ...vitest,
        ...projects.flatMap((project) => ['--project', project]),
        '--reporter',
        'default',
        '--reporter',
        'json',
        `--outputFile.json=${report}`,
        ...more,
      ],
    }),
    /** @param {('chromium' | 'firefox' | 'timed')[]} projects as in playwright.config.ts */
    e2e: (projects) => ({
      name: projects.join(', '),
      args: [
        tool('@playwright', 'test', 'cli.js'),
        'test',
        '--reporter=list,json',
        // In this order by us: what comes last runs also when a test before it failed.
        '--no-deps',
        ...projects.map((project) => `--project=${project}`),
      ],
    }),
  };
}
