import type { Config, ConfigInput, GatewaySettings, Policy, Route, Service, Target } from '../contracts/policy.ts';
import { configSchema, DEFAULT_BREAKER, DEFAULT_GATEWAY, DEFAULT_POLICY } from '../contracts/policy.ts';
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

/** Later policies win, setting by setting; `timeouts` too. */
function mergePolicy(base: Policy, over: ParsedPolicy | undefined): Policy {
  return defaulted(base, { ...over, timeouts: defaulted(base.timeouts, over?.timeouts) });
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
  const { accessLog, timeouts, ...rest } = gateway ?? {};
  return {
    ...defaulted(DEFAULT_GATEWAY, rest),
    timeouts: defaulted(DEFAULT_GATEWAY.timeouts, timeouts),
    accessLog: accessLog && { file: accessLog.file, sample: accessLog.sample ?? 1 },
  };
}

function resolveService(service: ParsedService, targets: readonly Target[], options: ResolveOptions): Service {
  return {
    name: service.name,
    hosts: service.hosts?.map((host) => host.toLowerCase()),
    targets,
    mode: service.mode ?? 'cache',
    breaker: defaulted(DEFAULT_BREAKER, service.breaker),
    routes: resolveRoutes(service, { ...DEFAULT_POLICY, ttl: options.cacheTtl }),
    sample: options.sample ?? false,
  };
}

function readAuthority(file: string, readFile: (path: string) => string): { pem: string } | { fault: string } {
  let pem: string;
  try {
    pem = readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { fault: `can't read ${file}${code}` };
  }
  return pem.includes('-----BEGIN CERTIFICATE-----') ? { pem } : { fault: `${file} holds no PEM certificate` };
}

/** Fills in what a parsed configuration leaves open, or says everything that is wrong with it. */
export function fillDefaults(parsed: ParsedConfig, options: ResolveOptions): { config: Config; faults: Fault[] } {
  const faults = findFaults(parsed);
  const services = parsed.services.map((service, s) => {
    const targets = service.targets.map((target, t): Target => {
      const authority = target.ca === undefined ? undefined : readAuthority(target.ca, options.readFile);
      if (authority !== undefined && 'fault' in authority) {
        faults.push({ path: ['services', s, 'targets', t, 'ca'], message: authority.fault });
      }
      return {
        url: target.url,
        host: target.host ?? 'rewrite',
        serverName: target.serverName,
        ca: authority !== undefined && 'pem' in authority ? authority.pem : undefined,
        connections: target.connections ?? 256,
      };
    });
    return resolveService(service, targets, options);
  });
  return { config: { gateway: resolveGateway(parsed.gateway), services }, faults };
}

/**
 * Turns what a person wrote into what the gateway runs on: defaults < service policy < route policy;
 * every service ends with the catch-all route "*".
 * @throws PitwallError `config_invalid`, one message that names every fault
 */
export function resolveConfig(input: ConfigInput, options: ResolveOptions): Config {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) throw invalid(describeIssues(parsed.error.issues, input));
  const { config, faults } = fillDefaults(parsed.data, options);
  if (faults.length > 0) throw invalid(faults);
  return config;
}

function invalid(faults: readonly Fault[]): Error {
  return configInvalid(
    'The configuration',
    faults.map(({ path, message }) => `${formatPath(path) || 'configuration'}: ${message}`),
  );
}

/**
 * The zero-configuration way: one service named "default" in front of `url`, for every host.
 * @param cacheTtl ms for responses without freshness; 0 = none
 */
export function upstreamConfig(url: string, cacheTtl: number): Config {
  const readFile = (path: string): never => {
    throw new Error(`no file may be named here: ${path}`);
  };
  return resolveConfig({ services: [{ name: 'default', targets: [{ url }] }] }, { cacheTtl, readFile });
}
