import type { Config, Policy } from '../lib/contracts/policy.ts';
import type { Verdict } from './check-request.ts';
import { durationText, sizeText } from '../lib/config/quantity-text.ts';

const DURATIONS: ReadonlySet<string> = new Set<keyof Policy>(['ttl', 'staleWhileRevalidate', 'staleIfError']);
const SIZES: ReadonlySet<string> = new Set<keyof Policy>(['maxKeyBody', 'maxEntry', 'maxPartial']);

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `ok: 2 services, 5 routes`; the catch-all that ends each service isn't counted. */
export function summarise(config: Config): { services: number; routes: number; text: string } {
  const services = config.services.length;
  const routes = config.services.reduce((sum, service) => sum + service.routes.length - 1, 0);
  return { services, routes, text: `ok: ${plural(services, 'service')}, ${plural(routes, 'route')}` };
}

function valueText(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'number') return String(value);
  if (SIZES.has(name)) return sizeText(value);
  return DURATIONS.has(name) || name.startsWith('timeouts.') ? durationText(value) : String(value);
}

/** Every setting by its name; of those within others "timeouts.connect". */
function settingsOf(group: object): (readonly [name: string, value: unknown])[] {
  return Object.entries(group).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? settingsOf(value).map(([inner, each]) => [`${name}.${inner}`, each] as const)
      : [[name, value] as const],
  );
}

function policyRows(policy: Policy): (readonly [string, string])[] {
  return settingsOf(policy).map(([name, value]) => [`  ${name}`, valueText(name, value)]);
}

/** What the gateway would do, as aligned text. */
export function describeVerdict(verdict: Verdict): string {
  const { service, route, params, policy } = verdict;
  const methods = route.methods === undefined ? '' : ` ${route.methods.join(', ')}`;
  const given = Object.entries(params).map(([name, value]) => `${name}=${value}`);
  const rows: (readonly [string, string])[] = [
    ['service', `${service.name} (mode ${service.mode}) -> ${service.targets.map(({ url }) => url).join(', ')}`],
    ['route', `${route.name} (${route.path}${methods})`],
    ...(given.length > 0 ? [['params', given.join(', ')] as const] : []),
    ['key', verdict.key ?? `none (${verdict.passed}): passed on, neither stored nor shared`],
    ...(verdict.tags.length > 0 ? [['tags', verdict.tags.join(', ')] as const] : []),
    ...(policy.ignore.length > 0
      ? [['UNSAFE', `ignores ${policy.ignore.join(', ')}: private answers may be shared`] as const]
      : []),
    ['policy', ''],
    ...policyRows(policy),
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}`.trimEnd()).join('\n');
}

/** The same for machines: durations in ms, sizes in bytes. */
export function verdictJson(verdict: Verdict): object {
  const { service, route, ...rest } = verdict;
  return { service: service.name, mode: service.mode, route: route.name, path: route.path, ...rest };
}
