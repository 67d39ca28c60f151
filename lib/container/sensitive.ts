import type { Config } from '../contracts/policy.ts';
import type { Logger } from '../kernel/logger.ts';

const isMarked = ({ services }: Config): boolean =>
  services.some(({ routes }) => routes.some(({ policy }) => policy.sensitive));

/** Says, once, that what sensitive routes store stays in memory: there is an L3, and no key for it. */
export function createUnsealedWarning(hasKeys: boolean, hasLevel: boolean, logger: Logger): (config: Config) => void {
  let said = hasKeys || !hasLevel;
  return (config) => {
    if (said || !isMarked(config)) return;
    said = true;
    logger.warn(
      'Entries of sensitive routes are kept in memory alone: set PITWALL_CACHE_KEY or PITWALL_CACHE_KEY_FILE to have them encrypted in L3 too.',
    );
  };
}
