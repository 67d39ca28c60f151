import type { GatewaySettings } from '../contracts/gateway-settings.ts';
import type { Config, ConfigInput, Policy, Route, Service, Target } from '../contracts/policy.ts';
import type { Mode } from '../contracts/traffic.ts';
import { DEFAULT_GATEWAY } from '../contracts/gateway-settings.ts';
import { configSchema, DEFAULT_BREAKER, DEFAULT_POLICY } from '../contracts/policy.ts';
import { configInvalid, formatPath, type Fault } from './faults.ts';
import { describeIssues } from './describe-issues.ts';
import type { ParsedConfig, ParsedPolicy, ParsedService } from './parsed.ts';
import { findFaults } from './semantics.ts';

export interface ResolveOptions {
  /** TTL of the default policy, ms; 0 = none. */
  readonly cacheTtl: number;
  /** Reads a file that the configuration names (`ca`); throws when it can't. */
  readonly readFile: (path: string) => string;
  /** The bundled sample origin: its services are labelled as such. */
  readonly sample?: boolean;
}

/** Later policies win, setting by setting; within `query` and `timeouts` too. */
function mergePolicy(base: Policy, over: ParsedPolicy | undefined): Policy {
  const query = defaulted(base.query, over?.query);
  return defaulted(base, { ...over, query, timeouts: defaulted(base.timeouts, over?.timeouts) });
}

/** `base` with what `over` sets; undefined sets nothing. */
function defaulted<T extends object>(base: T, over: { readonly [K in keyof T]?: T[K] | undefined } | undefined): T {
  const set = Object.entries(over ?? {}).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(set) };
}

function resolveRoutes(service: ParsedService, defaults: Policy): readonly Route[] {
  const policy = mergePolicy(defaults, service.policy);
  const routes = (service.routes ?? []).map((route) => ({
    name: route.name ?? route.path,
    path: route.path,
    methods: route.methods,
    policy: mergePolicy(policy, route.policy),
  }));
  return [...routes, { name: '*', path: '/*', methods: undefined, policy }];
}

function resolveGateway(gateway: ParsedConfig['gateway']): GatewaySettings {
  const { accessLog, clears, timeouts, ...rest } = gateway ?? {};
  return {
    ...defaulted(DEFAULT_GATEWAY, rest),
    clears: defaulted(DEFAULT_GATEWAY.clears, clears),
    timeouts: defaulted(DEFAULT_GATEWAY.timeouts, timeouts),
    accessLog: accessLog && { file: accessLog.file, sample: accessLog.sample ?? 1 },
  };
}

function resolveTarget(target: ParsedService['targets'][number], readFile: ResolveOptions['readFile']): Target {
  return {
    url: target.url,
    host: target.host ?? 'rewrite',
    serverName: target.serverName,
    ca: target.ca === undefined ? undefined : readFile(target.ca),
    connections: target.connections ?? 256,
  };
}

function resolveService(service: ParsedService, options: ResolveOptions): Service {
  return {
    name: service.name,
    hosts: service.hosts?.map((host) => host.toLowerCase()),
    targets: service.targets.map((target) => resolveTarget(target, options.readFile)),
    mode: service.mode ?? 'cache',
    breaker: defaulted(DEFAULT_BREAKER, service.breaker),
    routes: resolveRoutes(service, { ...DEFAULT_POLICY, ttl: options.cacheTtl }),
    sample: options.sample ?? false,
  };
}

/**
 * The configuration with every default filled in, or everything that is wrong with `input`, one fault per setting
 * and sentence.
 */
export function checkConfig(
  input: unknown,
  options: ResolveOptions,
): { readonly config: Config } | { readonly faults: readonly Fault[] } {
  const parsed = configSchema.safeParse(input);
  const shape = parsed.success ? [] : describeIssues(parsed.error.issues, input);
  const misshapen = new Set(shape.map(({ path }) => formatPath(path)));
  const meaning = findFaults(input, options.readFile).filter(({ path }) => !misshapen.has(formatPath(path)));
  if (!parsed.success || meaning.length > 0) return { faults: [...shape, ...meaning] };
  const services = parsed.data.services.map((service) => resolveService(service, options));
  return { config: { gateway: resolveGateway(parsed.data.gateway), services } };
}

/**
 * Turns what a person wrote into what the gateway runs on: defaults < service policy < route policy;
 * every service ends with the catch-all route "*".
 * @throws PitwallError `config_invalid`, one message that names every fault
 */
export function resolveConfig(input: ConfigInput, options: ResolveOptions): Config {
  const checked = checkConfig(input, options);
  if ('config' in checked) return checked.config;
  const lines = checked.faults.map(({ path, message }) => `${formatPath(path) || 'the whole'}: ${message}`);
  throw configInvalid('The configuration', lines);
}

/** How the service of the zero-configuration way is called. */
export const UPSTREAM_SERVICE = 'default';

/** What upstreamConfig stands for, as a person would write it. */
export const upstreamInput = (url: string, mode: Mode = 'cache'): ConfigInput => ({
  services: [{ name: UPSTREAM_SERVICE, targets: [{ url }], ...(mode !== 'cache' && { mode }) }],
});

/**
 * The zero-configuration way: one service named "default" in front of `url`, for every host.
 * @param cacheTtl ms for responses without freshness; 0 = none
 */
export function upstreamConfig(url: string, cacheTtl: number, mode: Mode = 'cache'): Config {
  const readFile = (path: string): never => {
    throw new Error(`no file may be named here: ${path}`);
  };
  return resolveConfig(upstreamInput(url, mode), { cacheTtl, readFile });
}
