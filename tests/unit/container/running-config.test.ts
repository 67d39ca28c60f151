import { describe, expect, it } from 'vitest';
import { describeConfig } from '../../../lib/container/running-config.ts';
import { DEFAULT_GATEWAY } from '../../../lib/contracts/gateway-settings.ts';
import { DEFAULT_BREAKER, DEFAULT_POLICY, type Config } from '../../../lib/contracts/policy.ts';
import { runningConfigSchema } from '../../../lib/contracts/running.ts';

const config: Config = {
  gateway: { ...DEFAULT_GATEWAY, explainToken: 'a-secret-of-some-length' },
  services: [
    {
      name: 'chat',
      hosts: ['chat.example'],
      targets: [
        {
          url: 'https://o.example/base',
          host: 'rewrite',
          serverName: undefined,
          ca: 'PEM',
          connections: 8,
        },
        { url: 'http://o.example', host: 'rewrite', serverName: undefined, ca: undefined, connections: 8 },
      ],
      mode: 'cache',
      breaker: DEFAULT_BREAKER,
      routes: [
        { name: 'get', path: '/a', methods: ['GET'], policy: DEFAULT_POLICY },
        { name: '*', path: '/*', methods: undefined, policy: DEFAULT_POLICY },
      ],
      sample: false,
    },
    {
      name: 'rest',
      hosts: undefined,
      targets: [],
      mode: 'bypass',
      breaker: DEFAULT_BREAKER,
      routes: [],
      sample: false,
    },
  ],
};

describe('the running configuration as people see it', () => {
  it('keeps its contract and carries no secret', () => {
    const seen = runningConfigSchema.parse(describeConfig(config, { kind: 'file', file: '/etc/p.yaml' }, null, true));
    expect(JSON.stringify(seen)).not.toMatch(/PEM|secret|[Tt]oken/);
    expect(seen.gateway).toMatchObject({ explain: true, sensitive: 'encrypted' });
    expect(seen.services[0]?.targets).toEqual([
      { url: 'https://o.example/base', host: 'rewrite', connections: 8, ownAuthority: true },
      { url: 'http://o.example', host: 'rewrite', connections: 8, ownAuthority: false },
    ]);
    expect(seen.services[1]?.hosts).toBeNull();
    expect(seen.services[0]?.routes.map(({ methods }) => methods)).toEqual([['GET'], null]);
  });
});
