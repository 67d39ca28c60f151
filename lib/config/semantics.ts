import ipaddr from 'ipaddr.js';
import type { Fault } from './faults.ts';
import { LONGEST_TIMER } from './longest-timer.ts';
import type { ParsedConfig, ParsedRoute, ParsedService } from './parsed.ts';
import { urlFault } from './target-url.ts';

type Path = readonly PropertyKey[];

function isProxy(text: string): boolean {
  const [address = '', bits] = text.split('/');
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return false;
  return bits === undefined ? !text.includes('/') : /^\d{1,3}$/.test(bits) && ipaddr.isValidCIDR(text);
}

/** Names of the `:parameters` of a path pattern. */
function parameters(pattern: string): string[] {
  return [...pattern.matchAll(/\/:([^/]+)/g)].map((match) => match[1] ?? '');
}

function patternFaults(path: Path, pattern: string): Fault[] {
  const names = parameters(pattern);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  const bad = names.find((name) => !/^[A-Za-z_]\w*$/.test(name));
  const faults: string[] = [];
  if (twice !== undefined) faults.push(`parameter ":${twice}" stands there twice`);
  if (bad !== undefined) faults.push(`":${bad}" isn't a parameter's name (letters, digits and "_")`);
  if (/[?#\s]/.test(pattern)) faults.push('a path has no query, fragment or space');
  if (/\*./.test(pattern) || /[^/]\*/.test(pattern))
    faults.push('"*" may only stand alone at the end, as in "/static/*"');
  return faults.map((message) => ({ path, message }));
}

function tagFaults(path: Path, tags: readonly string[] | undefined, known: readonly string[], where: string): Fault[] {
  return (tags ?? []).flatMap((tag, t) =>
    [...tag.matchAll(/\{([^}]*)\}/g)]
      .filter(([, name = '']) => !known.includes(name))
      .map(([placeholder]) => ({ path: [...path, t], message: `${placeholder} is not a parameter of ${where}` })),
  );
}

function timerFaults(path: Path, timers: Readonly<Record<string, unknown>> | undefined): Fault[] {
  return Object.entries(timers ?? {})
    .filter(([, value]) => typeof value === 'number' && value > LONGEST_TIMER)
    .map(([name]) => ({ path: [...path, name], message: 'expected at most 24 days' }));
}

function routeFaults(path: Path, route: ParsedRoute): Fault[] {
  const policy = [...path, 'policy'];
  return [
    ...patternFaults([...path, 'path'], route.path),
    ...tagFaults([...policy, 'tags'], route.policy?.tags, parameters(route.path), `the path ${route.path}`),
    ...timerFaults([...policy, 'timeouts'], route.policy?.timeouts),
  ];
}

function hostFault(host: string): string | undefined {
  if (/^\[[0-9a-f:.]+\]$/i.test(host) || /^[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?$/i.test(host)) return undefined;
  return 'expected a host name without scheme, port or "*"';
}

function serviceFaults(path: Path, service: ParsedService): Fault[] {
  const names = new Map<string, string>();
  const faults: Fault[] = [];
  service.targets.forEach((target, t) => {
    const message = urlFault(target.url);
    if (message !== undefined) faults.push({ path: [...path, 'targets', t, 'url'], message });
  });
  (service.hosts ?? []).forEach((host, h) => {
    const message = hostFault(host);
    if (message !== undefined) faults.push({ path: [...path, 'hosts', h], message });
  });
  const tags = tagFaults(
    [...path, 'policy', 'tags'],
    service.policy?.tags,
    [],
    'every route: set this tag on the routes that have it',
  );
  faults.push(...tags, ...timerFaults([...path, 'policy', 'timeouts'], service.policy?.timeouts));
  faults.push(...timerFaults([...path, 'breaker'], service.breaker));
  (service.routes ?? []).forEach((route, r) => {
    const at = [...path, 'routes', r];
    const name = route.name ?? route.path;
    const first = names.get(name);
    if (first === undefined) names.set(name, `routes[${r}]`);
    else
      faults.push({
        path: [...at, route.name === undefined ? 'path' : 'name'],
        message: duplicate('route', name, first),
      });
    faults.push(...routeFaults(at, route));
  });
  return faults;
}

const duplicate = (what: string, name: string, first: string): string =>
  `the ${what} "${name}" is already at ${first}; give this one another name`;

/** What no single setting's shape can tell: names used twice, hosts claimed twice, tags without a parameter… */
export function findFaults(config: ParsedConfig): Fault[] {
  const faults: Fault[] = [];
  const names = new Map<string, string>();
  const hosts = new Map<string, string>();
  let anyHost: string | undefined;
  (config.gateway?.trustedProxies ?? []).forEach((proxy, p) => {
    if (isProxy(proxy)) return;
    const message = `expected an address or a CIDR block such as 10.0.0.0/8, got "${proxy}"`;
    faults.push({ path: ['gateway', 'trustedProxies', p], message });
  });
  faults.push(...timerFaults(['gateway', 'timeouts'], config.gateway?.timeouts));
  config.services.forEach((service, s) => {
    const path = ['services', s];
    const here = `services[${s}]`;
    const first = names.get(service.name);
    if (first === undefined) names.set(service.name, here);
    else faults.push({ path: [...path, 'name'], message: duplicate('service', service.name, first) });
    if (service.hosts === undefined) {
      const message = `${anyHost} has no hosts either; only one service may answer to any host`;
      if (anyHost !== undefined) faults.push({ path, message });
      else anyHost = here;
    }
    service.hosts?.forEach((host, h) => {
      const owner = hosts.get(host.toLowerCase());
      if (owner === undefined) hosts.set(host.toLowerCase(), `${here}.hosts[${h}]`);
      else faults.push({ path: [...path, 'hosts', h], message: `the host "${host}" is already at ${owner}` });
    });
    faults.push(...serviceFaults(path, service));
  });
  return faults;
}
