import { urlOf } from '../cache/entry-key.ts';
import { MASKED } from '../kernel/redact-text.ts';
import type { RouteRuntime } from './service-runtime.ts';

type Shown = Pick<RouteRuntime, 'route' | 'realm'>;

/**
 * The target of a request as logs and the console have it: on a sensitive route the route's own pattern in place of
 * the path, and the query without its values.
 */
export function shownTarget({ route }: Pick<Shown, 'route'>, target: string): string {
  return route.policy.sensitive ? masked(route.path, target) : target;
}

/** The key as the console has it: on a sensitive route of all keys that are shown alike. */
export function shownKey({ route, realm }: Shown, key: string): string {
  if (!route.policy.sensitive) return key;
  const [origin = ''] = /^\w+:\/\/[^/]*/.exec(urlOf(key)) ?? [];
  return `${key.slice(0, key.indexOf(' '))} ${origin}${masked(route.path, urlOf(key))} realm=${realm}`;
}

function masked(pattern: string, target: string): string {
  const query = target.indexOf('?');
  if (query === -1) return pattern;
  return pattern + target.slice(query).replace(/([?&])([^=&]*)(=?)[^&]*/g, maskedParameter);
}

/** A parameter without "=" may be all value. */
function maskedParameter(_: string, before: string, name: string, equals: string): string {
  return equals === '' ? before + MASKED : `${before}${name}=${MASKED}`;
}
