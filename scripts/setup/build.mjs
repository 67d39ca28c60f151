import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';
import { toolEnvironment } from './runtime.mjs';
import { Plain, inWords, say } from './say.mjs';
import { fingerprint } from './sources.mjs';

/** Beside BUILD_ID: the fingerprint of the sources of a build that ended well. @param {string} root */
const stampOf = (root) => join(root, '.next', 'pitwall-sources');

/** Whether .next holds a whole build of exactly these sources. @param {string} root @param {string} print */
export function buildIsCurrent(root, print) {
  if (!existsSync(join(root, '.next', 'BUILD_ID'))) return false;
  try {
    return readFileSync(stampOf(root), 'utf8') === print;
  } catch {
    return false;
  }
}

/**
 * Builds the console's pages unless .next holds them as they are.
 * @param {string} root
 * @param {string} node the Node that runs the build
 */
export async function ensureBuild(root, node) {
  const print = fingerprint(root);
  if (buildIsCurrent(root, print)) return;
  say('Building the console …');
  rmSync(stampOf(root), { force: true });
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
  const result = await run(node, [next, 'build'], {
    cwd: root,
    env: { ...toolEnvironment(root), NODE_ENV: 'production' },
  });
  if (result.code !== 0) {
    process.stderr.write(result.output);
    throw new Plain('The console could not be built; the message is above.');
  }
  mkdirSync(join(root, '.next'), { recursive: true });
  writeFileSync(stampOf(root), print);
  say(`Built in ${inWords(result.ms)}.`);
}
