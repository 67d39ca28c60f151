import type { ClearScope } from '../cache/clear-record.ts';
import { MAX_SCOPE_LENGTH } from '../contracts/clear.ts';
import { parseHost, parseTarget } from '../dedup/request-target.ts';
import { isPitwallError, PitwallError } from '../kernel/errors.ts';

/**
 * The scope with its URL as the gateway writes it into a request key: a clear that somebody spells otherwise clears
 * the same entry. Of a key the whole URL, without its fragment; of a prefix scheme and host, since its path may end
 * within a segment. The others stay as they are.
 * @throws PitwallError `validation_failed` for a URL that the gateway would refuse
 */
export function normalScope(scope: ClearScope): ClearScope {
  if ('key' in scope) return { key: normalUrl('key', scope.key, normalTarget) };
  if ('prefix' in scope) return { ...scope, prefix: normalUrl('prefix', scope.prefix, (rest) => rest) };
  return scope;
}

/** @param target what is made of all after the host */
function normalUrl(name: 'key' | 'prefix', url: string, target: (rest: string) => string): string {
  // Split as lib/gateway/admit splits the absolute form.
  const [, scheme, host, rest] = /^(https?):\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (scheme === undefined || host === undefined || rest === undefined) {
    throw new PitwallError('validation_failed', `The ${name} must be a whole URL, such as http://shop.example/a?b=c.`);
  }
  try {
    return `${scheme.toLowerCase()}://${parseHost(host)}${target(rest.startsWith('/') ? rest : `/${rest}`)}`;
  } catch (cause) {
    if (!isPitwallError(cause)) throw cause;
    throw new PitwallError(
      'validation_failed',
      `The gateway serves no URL such as this ${name}, so nothing was cleared: ${cause.message}`,
      { cause },
    );
  }
}

function normalTarget(rest: string): string {
  const fragment = rest.indexOf('#');
  const { path, query } = parseTarget(fragment < 0 ? rest : rest.slice(0, fragment), MAX_SCOPE_LENGTH);
  return path + query;
}
