import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const PAGES = ['app', 'components', 'hooks', 'public'];
const SETTINGS = [
  'next.config.js',
  'next.config.mjs',
  'next.config.ts',
  'postcss.config.mjs',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
];
/** What a module imports for its values: `import type` never reaches the build. */
const IMPORTS =
  /(?:^|\n)\s*(?:import|export)(?!\s+type\b)[^'"`;]*?from\s*['"]([^'"]+)['"]|import\s*\(?\s*['"]([^'"]+)['"]/g;

/** @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    const path = join(folder, item.name);
    if (item.isDirectory()) return filesUnder(path);
    return item.isFile() ? [path] : [];
  });
}

/** @param {string} root @param {string} from @param {string} specifier */
function resolve(root, from, specifier) {
  if (!specifier.startsWith('.') && !specifier.startsWith('@/')) return undefined;
  const base = specifier.startsWith('@/') ? join(root, specifier.slice(2)) : join(dirname(from), specifier);
  return [base, `${base}.ts`, `${base}.tsx`, join(base, 'index.ts'), join(base, 'index.tsx')].find(
    (path) => existsSync(path) && statSync(path).isFile(),
  );
}

/**
 * The files that the production build is made of: pages, settings, and whatever of lib/ they import.
 * @param {string} root
 * @returns {string[]} paths relative to `root`, sorted
 */
export function buildSources(root) {
  const seen = new Set(SETTINGS.map((name) => join(root, name)).filter((path) => existsSync(path)));
  const queue = PAGES.flatMap((folder) => filesUnder(join(root, folder)));
  for (const file of queue) {
    if (seen.has(file)) continue;
    seen.add(file);
    if (!/\.[mc]?[jt]sx?$/.test(file)) continue;
    for (const [, from, bare] of readFileSync(file, 'utf8').matchAll(IMPORTS)) {
      const path = resolve(root, file, from ?? bare ?? '');
      if (path) queue.push(path);
    }
  }
  return [...seen].map((path) => relative(root, path)).sort();
}

/**
 * A hash of the content of what the build is made of; times don't count, since a checkout changes them.
 * @param {string} root
 */
export function fingerprint(root) {
  const hash = createHash('sha256');
  for (const path of buildSources(root)) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
