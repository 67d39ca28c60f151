// Who may import whom (CONTRIBUTING.md, docs/decisions/0008-imports.md). tests/unit/scripts/imports.test.ts proves that each rule bites.
const ENGINES = 'http-cache|cache|dedup|resilience|balancer|queue|metrics|tracing';
const FEATURES = 'alerts|analytics|reports|optimization|benchmark|live|onboarding';
/** Everything of ours; what isn't named in `may` is refused. */
const OURS = '^(app|bench|bin|cli|components|hooks|lib|sample|scripts|tests)/|^server\\.ts$';

/**
 * "`from` may import only `may` of what is ours."
 * @param {string} name
 * @param {string} comment
 * @param {string | string[]} from
 * @param {string[]} may
 */
const only = (name, comment, from, may) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: OURS, pathNot: may },
});

const KERNEL = '^lib/kernel/';
const CONTRACTS = '^lib/contracts/';
/** The composition root: lib/container.ts and, in lib/container/, its parts. */
const CONTAINER = '^lib/container(\\.ts$|/)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-package',
      comment: 'Every package that is imported is in package.json.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-dev-package-in-product',
      severity: 'error',
      from: { path: '^(app|bin|cli|components|hooks|lib|sample)/|^server\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-tests-in-product',
      severity: 'error',
      from: { pathNot: '^(tests|bench)/|\\.config\\.' },
      to: { path: '^(tests|bench)/' },
    },

    only('kernel', 'kernel imports nothing internal.', KERNEL, [KERNEL]),
    only('contracts', 'contracts import nothing internal.', CONTRACTS, [CONTRACTS]),
    only('engines', 'Engines import only kernel (and themselves).', `^lib/(${ENGINES.replace('|metrics', '')})/`, [
      KERNEL,
      '^lib/$1/',
    ]),
    only('metrics', 'metrics imports kernel and contracts.', '^lib/metrics/', [KERNEL, CONTRACTS, '^lib/metrics/']),
    only('gateway', 'Engines meet in gateway.', '^lib/gateway/(?!worker\\.ts$)', [
      KERNEL,
      CONTRACTS,
      '^lib/gateway/',
      `^lib/(${ENGINES})/`,
    ]),
    only('gateway-thread', "The thread's entry file composes: it also opens storage.", '^lib/gateway/worker\\.ts$', [
      KERNEL,
      CONTRACTS,
      '^lib/(gateway|storage)/',
      `^lib/(${ENGINES})/`,
    ]),
    only('features', 'Features import engine types, contracts, kernel.', `^lib/(${FEATURES})/`, [
      KERNEL,
      CONTRACTS,
      '^lib/$1/',
      `^lib/(${ENGINES})/`,
    ]),
    {
      name: 'features-take-engines-by-argument',
      comment: 'Features import the types of engines; the engines themselves arrive by factory argument.',
      severity: 'error',
      from: { path: `^lib/(${FEATURES})/` },
      to: { path: `^lib/(${ENGINES})/`, dependencyTypesNot: ['type-only'] },
    },
    only(
      'storage',
      'storage implements the ports that engines and features declare, and hosts the engines that live in its thread.',
      '^lib/storage/',
      [KERNEL, CONTRACTS, '^lib/storage/', `^lib/(${ENGINES}|${FEATURES}|auth|journal)/`],
    ),
    only('config', 'config, auth and journal stand on contracts and kernel.', '^lib/(config|auth|journal)/', [
      KERNEL,
      CONTRACTS,
      '^lib/$1/',
    ]),
    only(
      'http',
      "lib/http wraps the console's API around the same engines, who may what, and the container that lib/runtime holds.",
      '^lib/http/',
      [KERNEL, CONTRACTS, '^lib/(http|auth)/', `^lib/(${ENGINES})/`, '^lib/runtime\\.ts$'],
    ),
    only('runtime', 'lib/runtime reads the global symbol, never constructs.', '^lib/runtime\\.ts$', [
      KERNEL,
      CONTRACTS,
      CONTAINER,
    ]),
    {
      name: 'runtime-never-constructs',
      severity: 'error',
      from: { path: '^lib/runtime\\.ts$' },
      to: { path: CONTAINER, dependencyTypesNot: ['type-only'] },
    },
    only('container', 'The composition root imports everything in lib, and the sample.', CONTAINER, [
      '^lib/',
      '^sample/',
    ]),
    {
      name: 'one-caller-of-the-container',
      comment: 'server.ts is the only caller of createContainer() in production.',
      severity: 'error',
      from: { pathNot: `^server\\.ts$|^lib/runtime\\.ts$|^tests/|${CONTAINER}` },
      to: { path: CONTAINER },
    },
    only('server', 'server.ts boots HTTP, Next and Socket.IO out of lib.', '^server\\.ts$', ['^lib/']),
    only('sample', 'The sample origin is no part of the product: contracts and kernel.', '^sample/', [
      KERNEL,
      CONTRACTS,
      '^sample/',
    ]),
    only('cli', 'cli and bin compose from lib; they never reach the pages or the tests.', '^(cli|bin)/', [
      '^(cli|lib|sample)/',
    ]),
    only('app-api', 'app/api imports runtime, http and contracts.', '^app/(api|gateway)/', [
      '^app/api/',
      '^lib/runtime\\.ts$',
      '^lib/http/',
      CONTRACTS,
    ]),
    only('app-pages', 'Pages render components on a first read through lib/runtime.', '^app/(?!api/|gateway/)', [
      '^app/(?!api/|gateway/)',
      // What /docs/api shows.
      '^app/api/openapi\\.json/document\\.ts$',
      '^components/',
      '^hooks/',
      '^lib/runtime\\.ts$',
      CONTRACTS,
    ]),
    only(
      'components',
      "components import hooks, ui, charts, contracts, never another page's folder.",
      '^components/([^/]+)/',
      ['^components/($1|ui|charts)/', '^hooks/', CONTRACTS],
    ),
    only('primitives', 'ui and charts know of no page: series in, pixels out.', '^components/(ui|charts)/', [
      '^components/(ui|charts)/',
      '^hooks/',
      CONTRACTS,
    ]),
    only('hooks', 'hooks import contracts.', '^hooks/', ['^hooks/', CONTRACTS]),
    only('scripts', 'scripts run before anything is installed: they import only themselves.', '^scripts/', [
      '^scripts/',
    ]),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^lib/storage/database/generated/'] },
    exclude: { path: ['^\\.next/', '^\\.pitwall/', '^coverage/', '^test-results/'] },
    tsPreCompilationDeps: 'specify',
    detectProcessBuiltinModuleCalls: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
    cache: false,
  },
};
