import { join } from 'node:path';
import { buildIsCurrent, ensureBuild } from './build.mjs';
import { dependenciesAreCurrent, ensureDependencies } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { findNode } from './runtime.mjs';
import { say } from './say.mjs';
import { fingerprint } from './sources.mjs';

/**
 * Makes a checkout ready to run: packages, Node, and (with `build`) the console's pages.
 * Two that prepare the same folder do it one after the other; a folder that is ready takes no lock.
 * @param {string} root
 * @param {{ build: boolean }} options
 * @returns {Promise<{ node: string }>}
 */
export async function prepare(root, { build }) {
  const isReady = () => dependenciesAreCurrent(root) && (!build || buildIsCurrent(root, fingerprint(root)));
  if (isReady()) return { node: findNode(root) };
  return withLock(
    join(root, '.pitwall'),
    'setup.lock',
    async () => {
      await ensureDependencies(root);
      const node = findNode(root);
      if (build) await ensureBuild(root, node);
      return { node };
    },
    () => say('Another start is setting up this folder; waiting for it …'),
  );
}
