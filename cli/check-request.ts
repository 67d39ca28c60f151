import { withoutRealm } from '../lib/cache/entry-key.ts';
import type { Config, Policy, Route, Service } from '../lib/contracts/policy.ts';
import type { MissReason } from '../lib/contracts/traffic.ts';
import { askedOf } from '../lib/gateway/asked-of.ts';
import { policyTags } from '../lib/gateway/judge.ts';
import { keyOf } from '../lib/gateway/key-of.ts';
import { createMatcher } from '../lib/gateway/match.ts';
import { createOrigin } from '../lib/gateway/origin.ts';
import { runServices } from '../lib/gateway/service-runtime.ts';
import { wayOf } from '../lib/gateway/way.ts';
import { systemClock } from '../lib/kernel/clock.ts';
import { asPitwallError } from '../lib/kernel/errors.ts';
import { UsageError } from './terminal.ts';

export interface CheckedRequest {
  readonly method: string;
  readonly url: URL;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string | undefined;
}

/** What the gateway would do with a request. */
export interface Verdict {
  readonly service: Service;
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  /** Null where the request has none: it's passed on, neither stored nor shared. */
  readonly key: string | null;
  /** Why it has none. */
  readonly passed: MissReason | null;
  readonly tags: readonly string[];
  readonly policy: Policy;
}

/** "name: value" as curl has it. */
export function parseHeader(text: string): readonly [name: string, value: string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new UsageError(`-H expects "name: value", got "${text}".`);
  return [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()];
}

/**
 * Matches a request as the gateway does, on the same code; opens no connection.
 * @returns undefined when no service answers
 * @throws PitwallError when the gateway would refuse the URL
 */
export async function judgeRequest(config: Config, request: CheckedRequest): Promise<Verdict | undefined> {
  const clock = systemClock;
  const services = runServices(config, [], (service) =>
    createOrigin(service, { clock, random: Math.random, onBreaker: () => undefined }),
  );
  try {
    const { method, url, headers, body = '' } = request;
    const asked = { method, url: url.href, headers: [...headers].flat() };
    const x = askedOf({ settings: config.gateway, match: createMatcher(services) }, asked, body !== '');
    const { service, route } = x.route;
    const way = wayOf(x);
    const bytes = Buffer.from(body);
    const tooLarge = way === 'key-by-body' && bytes.length > route.policy.maxKeyBody;
    const passed = tooLarge ? 'too-large' : way === 'key' || way === 'key-by-body' ? null : way;
    return {
      service: service.config,
      route,
      params: x.params,
      key: passed === null ? withoutRealm(keyOf(x, way === 'key-by-body' ? bytes : undefined)) : null,
      passed,
      tags: policyTags(x),
      policy: route.policy,
    };
  } catch (error) {
    if (asPitwallError(error).code === 'no_service') return undefined;
    throw error;
  } finally {
    await Promise.all(services.map((service) => service.origin.close()));
  }
}
