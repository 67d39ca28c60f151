import type { Config } from '../contracts/policy.ts';
import type { RunningConfig, Source } from '../contracts/running.ts';

/** A URL without user and password. */
function withoutSecrets(url: string): string {
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return url;
  parsed.username = parsed.username === '' ? '' : '***';
  parsed.password = parsed.password === '' ? '' : '***';
  return parsed.href;
}

/** What people may see of a source. */
export function publicSource(source: Source): Source {
  return source.kind === 'upstream' ? { kind: 'upstream', url: withoutSecrets(source.url) } : source;
}

/** What people may see of a configuration: no passwords in URLs, no certificates. */
export function describeConfig(config: Config, source: Source, error: string | null): RunningConfig {
  return {
    source: publicSource(source),
    error,
    gateway: { ...config.gateway },
    services: config.services.map((service) => ({
      name: service.name,
      sample: service.sample,
      hosts: service.hosts === undefined ? null : [...service.hosts],
      mode: service.mode,
      targets: service.targets.map(({ url, host, connections, ca }) => ({
        url: withoutSecrets(url),
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
