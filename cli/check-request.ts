import type { Config, Policy, Route, Service } from '../lib/contracts/policy.ts';
import { bodyHash, requestKey } from '../lib/dedup/request-key.ts';
import { parseHost, parseTarget } from '../lib/dedup/request-target.ts';
import { createMatcher } from '../lib/gateway/match.ts';
import { createOrigin } from '../lib/gateway/origin.ts';
import { runServices } from '../lib/gateway/service-runtime.ts';
import { systemClock } from '../lib/kernel/clock.ts';
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
  readonly key: string;
  readonly tags: readonly string[];
  readonly policy: Policy;
}

/** "name: value" as curl has it. */
export function parseHeader(text: string): readonly [name: string, value: string] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new UsageError(`-H expects "name: value", got "${text}".`);
  return [text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim()];
}

function keyOf(request: CheckedRequest, host: string, policy: Policy, path: string, query: string): string {
  const headers = policy.keyHeaders.flatMap((name) => [name, request.headers.get(name) ?? '']);
  const body = policy.keyBody && request.method === 'POST' ? (request.body ?? '') : '';
  return requestKey({
    method: request.method === 'HEAD' ? 'GET' : request.method,
    scheme: request.url.protocol.slice(0, -1),
    host,
    path,
    query,
    ...(headers.length > 0 && { headers }),
    ...(body !== '' && { bodyHash: bodyHash(Buffer.from(body), request.headers.get('content-type')) }),
  });
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
    const { url } = request;
    const host = parseHost(request.headers.get('host') ?? url.host);
    const { path, query } = parseTarget(url.pathname + url.search, config.gateway.maxUrlLength);
    const match = createMatcher(services)(host, request.method, path);
    if (match === undefined) return undefined;
    const { policy } = match.route.route;
    return {
      service: match.route.service.config,
      route: match.route.route,
      params: match.params,
      key: keyOf(request, host, policy, path, match.route.queryRule(query)),
      tags: policy.tags.map((tag) => tag.replace(/\{([^}]+)\}/g, (all, name: string) => match.params[name] ?? all)),
      policy,
    };
  } finally {
    await Promise.all(services.map((service) => service.origin.close()));
  }
}
