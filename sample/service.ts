import type { ConfigInput } from '../lib/contracts/policy.ts';

/** The name under which the sample's numbers show everywhere. */
export const SAMPLE_SERVICE = 'sample';

/**
 * The sample origin as a service: one route per thing that Pitwall can do, with the policy that shows it.
 * `status` has no policy on purpose: its page row says "no Cache-Control".
 * @param originUrl base URL of the sample origin
 */
export function sampleConfig(originUrl: string): ConfigInput {
  return {
    services: [
      {
        name: SAMPLE_SERVICE,
        targets: [{ url: originUrl, connections: 128 }],
        breaker: { failures: 5, ratio: 0.5, minimumCalls: 20, window: '10s', openFor: '2s', maxOpenFor: '15s' },
        routes: [
          { name: 'sessions', path: '/api/sessions', methods: ['GET', 'HEAD'], policy: { staleIfError: '5m' } },
          {
            name: 'chat-history',
            path: '/api/chats/:id/history',
            methods: ['GET', 'HEAD'],
            policy: { tags: ['chat:{id}', 'history'] },
          },
          { name: 'ide-current', path: '/api/ide/current', methods: ['GET', 'HEAD'], policy: { tags: ['ide'] } },
          { name: 'ide-switch', path: '/api/ide/switch', methods: ['POST'] },
          {
            name: 'analysis',
            path: '/api/analysis',
            methods: ['POST'],
            policy: { keyBody: true, ttl: '10m', staleIfError: '1h', tags: ['analysis'] },
          },
          { name: 'me', path: '/api/me' },
          { name: 'events', path: '/api/events', methods: ['GET'] },
          {
            name: 'unstable',
            path: '/api/unstable',
            policy: { ttl: '2s', staleWhileRevalidate: '10s', staleIfError: '10m' },
          },
          { name: 'status', path: '/api/status' },
          { name: 'static', path: '/static/*', methods: ['GET', 'HEAD'], policy: { tags: ['static'] } },
        ],
      },
    ],
  };
}
