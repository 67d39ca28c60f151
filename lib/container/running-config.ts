import type { Config } from '../contracts/policy.ts';
import type { RunningConfig, Source } from '../contracts/running.ts';

/**
 * What people may see of a configuration: no certificates, no token; no URL of it can hold a password.
 *
 * @param sealed whether there is a key for what sensitive routes store in L3; without one it stays in memory
 */
export function describeConfig(config: Config, source: Source, error: string | null, sealed: boolean): RunningConfig {
  const { explainToken, ...gateway } = config.gateway;
  return {
    source,
    error,
    gateway: { ...gateway, explain: explainToken !== undefined, sensitive: sealed ? 'encrypted' : 'memory' },
    services: config.services.map((service) => ({
      name: service.name,
      sample: service.sample,
      hosts: service.hosts === undefined ? null : [...service.hosts],
      mode: service.mode,
      targets: service.targets.map(({ url, host, connections, ca }) => ({
        url,
        host,
        connections,
        ownAuthority: ca !== undefined,
      })),
      breaker: { ...service.breaker },
      routes: service.routes.map(({ name, path, methods, policy }) => ({
        name,
        path,
        methods: methods === undefined ? null : [...methods],
        policy: { ...policy },
      })),
    })),
  };
}
