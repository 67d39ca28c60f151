#!/usr/bin/env node
// node scripts/lockfile.mjs [--write]: a lockfile made behind a registry that hasn't every platform's packages lacks
// them, and `npm ci` then refuses it everywhere. This finds what is missing and, with --write, adds the entries
// that say all that is known: exact version and platform.
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[],
 *   dependencies?: Record<string, string>, devDependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} Entry
 */

/** Whether some node_modules folder from `path` upwards holds `name`. @param {Record<string, Entry>} packages @param {string} path @param {string} name */
function resolves(packages, path, name) {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

/**
 * Packages that another one depends on and that the lockfile doesn't have.
 * @param {Record<string, Entry>} packages
 */
export function missingPackages(packages) {
  return Object.entries(packages).flatMap(([path, entry]) => {
    const wanted = {
      ...entry.dependencies,
      ...entry.optionalDependencies,
      ...(path === '' ? entry.devDependencies : {}),
    };
    return Object.entries(wanted)
      .filter(([name]) => !resolves(packages, path, name))
      .map(([name, version]) => ({
        name,
        version,
        dev: entry.dev === true,
        optional: name in (entry.optionalDependencies ?? {}),
      }));
  });
}

const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** The platform that a name such as swc-linux-x64-musl tells. @param {string} name */
export function platformOf(name) {
  const words = name.split('-');
  const os = SYSTEMS.filter((word) => words.includes(word));
  const cpu = PROCESSORS.filter((word) => words.includes(word));
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : [];
  return { ...(os.length > 0 && { os }), ...(cpu.length > 0 && { cpu }), ...(libc.length > 0 && { libc }) };
}

/**
 * Adds what `missingPackages` finds, where it's optional, exact and for a platform.
 * @param {Record<string, Entry>} packages
 * @returns {Record<string, Entry>}
 */
export function complete(packages) {
  const all = { ...packages };
  for (const { name, version, dev, optional } of missingPackages(packages)) {
    const { cpu, libc, os } = platformOf(name);
    if (!optional || !/^\d+\.\d+\.\d+/.test(version) || !cpu) continue;
    all[`node_modules/${name}`] = {
      version,
      cpu,
      ...(dev && { dev }),
      ...(libc && { libc }),
      optional: true,
      ...(os && { os }),
    };
  }
  const paths = Object.keys(all).sort((a, b) => a.localeCompare(b, 'en'));
  return Object.fromEntries(paths.map((path) => [path, all[path]]));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const packages = process.argv.includes('--write') ? complete(lock.packages) : lock.packages;
  if (process.argv.includes('--write')) writeFileSync(file, `${JSON.stringify({ ...lock, packages }, undefined, 2)}\n`);
  const missing = missingPackages(packages);
  for (const { name, version } of missing) console.log(`missing: ${name}@${version}`);
  process.exitCode = missing.length === 0 ? 0 : 1;
}
