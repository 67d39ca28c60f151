import { createHash } from 'node:crypto';
import { SENSITIVE } from '../cache/entry-key.ts';
import type { Route, Service } from '../contracts/policy.ts';

/** Characters of the digest: 66 bits. */
const DIGEST_LENGTH = 11;

/**
 * Names what a service's stored answers rest on: where they come from and, where a route ignores what forbids storing,
 * which requests it covers. It is part of every key, so an answer stored under other rules, before a reload or by
 * another Pitwall on the same disk or Redis, is never found.
 */
export function realmOf({ name, hosts, targets, routes, sample }: Service): string {
  const ignores = routes.some(({ policy }) => policy.ignore.length > 0);
  const rules = [
    hosts ?? null,
    // The sample's origin has another port after each start, and the same answers.
    sample ? 'sample' : targets.map(({ url, host }) => [url, host]),
    ignores && routes.map(({ path, methods, policy }) => [path, methods ?? null, policy.ignore]),
  ];
  const digest = createHash('sha256').update(JSON.stringify(rules)).digest('base64url').slice(0, DIGEST_LENGTH);
  return `${encodeURIComponent(name)}/${digest}`;
}

/** The realm of a route's keys, in that of its service. */
export function realmOfRoute(realm: string, { policy }: Route): string {
  return policy.sensitive ? realm + SENSITIVE : realm;
}
