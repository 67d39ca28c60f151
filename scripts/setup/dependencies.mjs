import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { Plain, inWords, say } from './say.mjs';

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, link?: boolean, peer?: boolean }> | undefined}
 */
function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules holds what package-lock.json asks for, by content: a fresh checkout changes times, not content.
 * Optional packages may be absent (other platforms), never of another version.
 * @param {string} root
 */
export function dependenciesAreCurrent(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !installed) return false;
  for (const [path, want] of Object.entries(wanted)) {
    if (path === '') continue;
    const have = installed[path];
    if (!have) {
      if (want.optional || want.devOptional || want.link) continue;
      return false;
    }
    if (have.version !== want.version || have.integrity !== want.integrity) return false;
  }
  return true;
}

/**
 * Installs the packages of the lockfile unless they are there. Quiet unless it fails.
 * @param {string} root
 */
export async function ensureDependencies(root) {
  if (dependenciesAreCurrent(root)) return;
  say('Installing the packages of package-lock.json …');
  // With NODE_ENV=production npm would leave out what the build needs.
  const result = await run('npm', ['ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional'], {
    cwd: root,
  });
  if (result.code !== 0) {
    process.stderr.write(result.output);
    throw new Plain('npm could not install the packages; its message is above.');
  }
  say(`Installed in ${inWords(result.ms)}.`);
}
