import next from 'eslint-config-next';
import tseslint from 'typescript-eslint';
import { house } from './scripts/lint/house.mjs';

const COMPILED = ['**/*.ts', '**/*.tsx'];
const WEB = ['app/**/*.{ts,tsx}', 'components/**/*.{ts,tsx}', 'hooks/**/*.{ts,tsx}'];
const SERVER = ['lib/**/*.ts', 'sample/**/*.ts', 'server.ts'];
const TOOLS = ['scripts/**', 'bench/**', 'tests/**', '*.config.*', '.dependency-cruiser.cjs'];

const environment = 'Only lib/config reads the environment: take the setting as an argument.';
const noEnvironment = [
  { selector: 'MemberExpression[object.name="process"][property.name="env"]', message: environment },
  {
    selector: 'ImportDeclaration[source.value=/^(node:)?process$/] ImportSpecifier[imported.name="env"]',
    message: environment,
  },
];
/** An entry file may hand the whole of process.env to lib/config, not read from it. */
const noEnvironmentReads = [
  {
    selector: 'MemberExpression > MemberExpression.object[object.name="process"][property.name="env"]',
    message: environment,
  },
  {
    selector:
      'VariableDeclarator[id.type="ObjectPattern"] > MemberExpression[object.name="process"][property.name="env"]',
    message: environment,
  },
  noEnvironment[1],
];

export default [
  {
    ignores: [
      '.next/**',
      'node_modules/**',
      'coverage/**',
      'test-results/**',
      'playwright-report/**',
      'data/**',
      '.pitwall/**',
      'next-env.d.ts',
      'lib/storage/database/generated/**',
    ],
  },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' } },

  ...tseslint.configs.strict.map((config) => ({ ...config, files: COMPILED })),
  ...tseslint.configs.stylistic.map((config) => ({ ...config, files: COMPILED })),
  {
    files: COMPILED,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true },
      ],
      // A no-op is a value here: silentLogger, listeners that a caller may leave out.
      '@typescript-eslint/no-empty-function': 'off',
      // Flat header lists are walked two at a time.
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
    },
  },

  {
    files: ['**/*.{ts,tsx,mjs,cjs,js}'],
    plugins: { house },
    rules: {
      'max-lines': ['error', { max: 500 }],
      'house/file-name': 'error',
      'house/reason-for-length': ['error', { over: 300 }],
      eqeqeq: ['error', 'always'],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...noEnvironment],
    },
  },
  { files: ['server.ts', 'cli/**', 'bin/**'], rules: { 'no-restricted-syntax': ['error', ...noEnvironmentReads] } },
  { files: ['lib/config/**', ...TOOLS], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['cli/**', 'scripts/**', 'bench/**', 'tests/**'], rules: { 'no-console': 'off' } },
  {
    files: SERVER,
    rules: {
      'no-restricted-globals': ['error', { name: '__dirname', message: 'ES modules: import.meta.dirname.' }],
    },
  },
  {
    files: ['tests/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },

  ...next.map((config) => ({ ...config, files: WEB })),
];
