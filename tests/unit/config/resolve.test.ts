import { describe, expect, it } from 'vitest';
import { resolveConfig, upstreamConfig } from '../../../lib/config/resolve.ts';
import { DEFAULT_GATEWAY } from '../../../lib/contracts/gateway-settings.ts';
import { DEFAULT_BREAKER, DEFAULT_POLICY, type ConfigInput, type Config } from '../../../lib/contracts/policy.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const targets = [{ url: 'http://127.0.0.1:9000' }];

function resolve(input: ConfigInput, files: Readonly<Record<string, string>> = {}): Config {
  return resolveConfig(input, {
    cacheTtl: 1_000,
    readFile(path) {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
  });
}

describe('resolveConfig', () => {
  it('fills every default', () => {
    const config = resolve({ services: [{ name: 'api', targets }] });
    const policy = { ...DEFAULT_POLICY, ttl: 1_000 };
    expect(config).toEqual({
      gateway: DEFAULT_GATEWAY,
      services: [
        {
          name: 'api',
          hosts: undefined,
          targets: [{ url: targets[0]?.url, host: 'rewrite', serverName: undefined, ca: undefined, connections: 256 }],
          mode: 'cache',
          breaker: DEFAULT_BREAKER,
          routes: [{ name: '*', path: '/*', methods: undefined, policy }],
          sample: false,
        },
      ],
    });
    expect(structuredClone(config)).toEqual(config);
  });

  it('lets the route win over the service, and the service over the defaults, setting by setting', () => {
    const config = resolve({
      services: [
        {
          name: 'api',
          targets,
          policy: { ttl: '1m', staleIfError: '1h', tags: ['all'], timeouts: { headers: '2s' } },
          routes: [
            { path: '/a/:id', methods: ['GET'], policy: { ttl: 0, tags: ['a:{id}'], timeouts: { idle: 5 } } },
            { name: 'b', path: '/b' },
          ],
        },
      ],
    });
    const [a, b, rest] = config.services[0]?.routes ?? [];
    expect(a).toMatchObject({ name: '/a/:id', path: '/a/:id', methods: ['GET'] });
    expect(a?.policy).toMatchObject({ ttl: 0, staleIfError: 3_600_000, tags: ['a:{id}'], coalesce: true });
    expect(a?.policy.timeouts).toEqual({ connect: 5_000, headers: 2_000, idle: 5 });
    expect(b).toMatchObject({ name: 'b', policy: { ttl: 60_000, tags: ['all'] } });
    expect(rest).toEqual({ name: '*', path: '/*', methods: undefined, policy: b?.policy });
  });

  it('resolves the gateway, hosts, targets and breaker', () => {
    const config = resolve(
      {
        gateway: {
          memory: '1.5KiB',
          trustedProxies: ['10.0.0.0/8', '::1'],
          timeouts: { headers: '1s' },
          accessLog: { file: 'a.log' },
        },
        services: [
          {
            name: 'api',
            hosts: ['API.Example.com', '[::1]'],
            targets: [{ url: 'https://a/base/', host: 'preserve', serverName: 'b', ca: 'ca.pem', connections: 3 }],
            breaker: { failures: 2, openFor: '1s' },
            mode: 'observe',
          },
        ],
      },
      { 'ca.pem': PEM },
    );
    expect(config.gateway).toEqual({
      ...DEFAULT_GATEWAY,
      memory: 1_536,
      trustedProxies: ['10.0.0.0/8', '::1'],
      timeouts: { ...DEFAULT_GATEWAY.timeouts, headers: 1_000 },
      accessLog: { file: 'a.log', sample: 1 },
    });
    expect(config.services[0]).toMatchObject({
      hosts: ['api.example.com', '[::1]'],
      targets: [{ url: 'https://a/base/', host: 'preserve', serverName: 'b', ca: PEM, connections: 3 }],
      breaker: { ...DEFAULT_BREAKER, failures: 2, openFor: 1_000 },
      mode: 'observe',
    });
  });

  it('labels a sample', () => {
    const input = { services: [{ name: 'sample', targets }] };
    expect(resolveConfig(input, { cacheTtl: 0, readFile: () => '', sample: true }).services[0]?.sample).toBe(true);
  });
});

describe('upstreamConfig', () => {
  it('makes one service for every host, and keeps a base path', () => {
    const config = upstreamConfig('http://127.0.0.1:9000/base', 30_000);
    expect(config.services).toHaveLength(1);
    expect(config.services[0]).toMatchObject({
      name: 'default',
      hosts: undefined,
      targets: [{ url: 'http://127.0.0.1:9000/base' }],
      routes: [{ name: '*', policy: { ttl: 30_000 } }],
    });
  });

  it('refuses what is no URL', () => {
    expect(() => upstreamConfig('nowhere', 0)).toThrow('expected an http:// or https:// URL');
  });
});
