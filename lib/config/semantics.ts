import ipaddr from 'ipaddr.js';
import { duration } from '../contracts/quantity.ts';
import { LONGEST_TIMER } from '../kernel/longest-timer.ts';
import { readAuthority } from './authority.ts';
import type { Fault } from './faults.ts';
import { list, mapping, text, texts } from './loose.ts';
import { patternFaults, patternParameters } from './pattern.ts';
import { urlFault } from './target-url.ts';

type Path = readonly PropertyKey[];
type ReadFile = (path: string) => string;

function proxyFault(proxy: string): string | undefined {
  const [address = '', bits] = proxy.split('/');
  const known = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  if (known && (bits === undefined || (/^\d{1,3}$/.test(bits) && ipaddr.isValidCIDR(proxy)))) return undefined;
  return `expected an address or a CIDR block such as 10.0.0.0/8, got "${proxy}"`;
}

function hostFault(host: string): string | undefined {
  if (/^\[[0-9a-f:.]+\]$/i.test(host) || /^[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?$/i.test(host)) return undefined;
  return `expected a host name without scheme, port or "*", got "${host}"`;
}

function fault(path: Path, message: string | undefined): Fault[] {
  return message === undefined ? [] : [{ path, message }];
}

/** Tags whose `{placeholder}` no path parameter fills. */
function tagFaults(path: Path, policy: unknown, known: readonly string[], where: string): Fault[] {
  return texts(mapping(policy).tags).flatMap(([t, tag]) =>
    [...tag.matchAll(/\{([^}]*)\}/g)]
      .filter(([, name = '']) => !known.includes(name))
      .map(([placeholder]) => ({ path: [...path, 'tags', t], message: `${placeholder} ${where}` })),
  );
}

function timerFaults(path: Path, timers: unknown): Fault[] {
  return Object.entries(mapping(timers)).flatMap(([name, value]) => {
    const ms = duration.safeParse(value);
    return ms.success && ms.data > LONGEST_TIMER ? fault([...path, name], 'expected at most 24 days') : [];
  });
}

/** Remembers who claimed a name first; tells the second. */
function claims(what: string): (name: string, path: Path, here: string) => Fault[] {
  const owners = new Map<string, string>();
  return (name, path, here) => {
    const owner = owners.get(name);
    if (owner === undefined) owners.set(name, here);
    return owner === undefined ? [] : fault(path, `the ${what} "${name}" is already at ${owner}`);
  };
}

function routeFaults(path: Path, route: Readonly<Record<string, unknown>>): Fault[] {
  const pattern = text(route.path) ?? '';
  const policy = [...path, 'policy'];
  const noParameter = `is no parameter of the path "${pattern}"`;
  return [
    ...patternFaults(pattern).flatMap((message) => fault([...path, 'path'], message)),
    ...tagFaults(policy, route.policy, patternParameters(pattern), noParameter),
    ...timerFaults([...policy, 'timeouts'], mapping(route.policy).timeouts),
  ];
}

function targetFaults(path: Path, target: Readonly<Record<string, unknown>>, readFile: ReadFile): Fault[] {
  const url = text(target.url);
  const file = text(target.ca);
  const authority = file === undefined ? undefined : readAuthority(file, readFile);
  return [
    ...(url === undefined ? [] : fault([...path, 'url'], urlFault(url))),
    ...(authority !== undefined && 'fault' in authority ? fault([...path, 'ca'], authority.fault) : []),
  ];
}

function serviceFaults(path: Path, service: Readonly<Record<string, unknown>>, readFile: ReadFile): Fault[] {
  const claimRoute = claims('route');
  const everyRoute = 'is no parameter of every route; set this tag on the routes that have it';
  return [
    ...list(service.targets).flatMap((target, t) => targetFaults([...path, 'targets', t], mapping(target), readFile)),
    ...texts(service.hosts).flatMap(([h, host]) => fault([...path, 'hosts', h], hostFault(host))),
    ...tagFaults([...path, 'policy'], service.policy, [], everyRoute),
    ...timerFaults([...path, 'policy', 'timeouts'], mapping(service.policy).timeouts),
    ...timerFaults([...path, 'breaker'], service.breaker),
    ...list(service.routes).flatMap((item, r) => {
      const route = mapping(item);
      const at = [...path, 'routes', r];
      const name = text(route.name) ?? text(route.path);
      const key = route.name === undefined ? 'path' : 'name';
      const taken = name === undefined ? [] : claimRoute(name, [...at, key], `routes[${r}]; give one of them a name`);
      return [...taken, ...routeFaults(at, route)];
    }),
  ];
}

/**
 * What no single setting's shape can tell: names used twice, hosts claimed twice, tags without a parameter…
 * Works on input that the schema refuses too, so that one message can name every fault.
 */
export function findFaults(input: unknown, readFile: ReadFile): Fault[] {
  const gateway = mapping(mapping(input).gateway);
  const claimService = claims('service');
  const claimHost = claims('host');
  let anyHost: string | undefined;
  const services = list(mapping(input).services).flatMap((item, s) => {
    const service = mapping(item);
    const path = ['services', s];
    const here = `services[${s}]`;
    const name = text(service.name);
    const faults = name === undefined ? [] : claimService(name, [...path, 'name'], here);
    if ('name' in service && service.hosts === undefined) {
      if (anyHost === undefined) anyHost = here;
      else faults.push({ path, message: `${anyHost} has no hosts either; only one service can answer to every host` });
    }
    const hosts = texts(service.hosts).flatMap(([h, host]) =>
      claimHost(host.toLowerCase(), [...path, 'hosts', h], `${here}.hosts[${h}]`),
    );
    return [...faults, ...hosts, ...serviceFaults(path, service, readFile)];
  });
  return [
    ...texts(gateway.trustedProxies).flatMap(([p, proxy]) =>
      fault(['gateway', 'trustedProxies', p], proxyFault(proxy)),
    ),
    ...timerFaults(['gateway', 'timeouts'], gateway.timeouts),
    ...services,
  ];
}
