import { describe, expect, it } from 'vitest';
import type { Config } from '../../../lib/contracts/policy.ts';
import { resolveConfig } from '../../../lib/config/resolve.ts';
import { compilePath, createMatcher } from '../../../lib/gateway/match.ts';
import type { Origin } from '../../../lib/gateway/origin.ts';
import { runServices } from '../../../lib/gateway/service-runtime.ts';

function matcher(services: Parameters<typeof resolveConfig>[0]['services']): ReturnType<typeof createMatcher> {
  const config: Config = resolveConfig({ services }, { cacheTtl: 0, readFile: () => '' });
  return createMatcher(runServices(config, [], () => ({}) as Origin));
}

const targets = [{ url: 'http://o.test' }];

describe('compilePath', () => {
  it.each([
    ['/chats/:id', '/chats/7', { id: '7' }],
    ['/chats/:id', '/chats/7/more', undefined],
    ['/chats/:id', '/chats/', undefined],
    ['/a/:x/b/:y', '/a/1/b/2', { x: '1', y: '2' }],
    ['/static/*', '/static/a/b.css', {}],
    ['/static/*', '/static', undefined],
    ['/*', '/', {}],
    ['/a.b+c', '/a.b+c', {}],
    ['/a.b', '/aXb', undefined],
    ['/(x)', '/(x)', {}],
    ['/*.png', '/a/b.png', {}],
    ['/v1:verb', '/v1run', { verb: 'run' }],
  ])('%s on %s', (pattern, path, params) => {
    const found = compilePath(pattern).exec(path);
    expect(found === null ? undefined : { ...found.groups }).toEqual(params);
  });
});

describe('createMatcher', () => {
  it('takes the first route that fits path and method, and ends at the catch-all', () => {
    const match = matcher([
      {
        name: 's',
        targets,
        routes: [
          { name: 'post', path: '/x', methods: ['POST'] },
          { name: 'id', path: '/:id' },
          { name: 'never', path: '/x' },
        ],
      },
    ]);
    const found = (method: string, path: string): string | undefined => match('h', method, path)?.route.route.name;
    expect([found('POST', '/x'), found('GET', '/x'), found('GET', '/x/y')]).toEqual(['post', 'id', '*']);
    expect(match('h', 'GET', '/7')?.params).toEqual({ id: '7' });
    expect(match('h', 'GET', '/7/8')?.params).toEqual({});
  });

  it('finds the service by host, with and without a port, and falls back on the one without hosts', () => {
    const match = matcher([
      { name: 'a', hosts: ['A.test', '[::1]'], targets },
      { name: 'rest', targets },
    ]);
    const service = (host: string): string | undefined => match(host, 'GET', '/')?.route.service.config.name;
    expect(['a.test', 'a.test:8080', '[::1]:80', 'b.test'].map(service)).toEqual(['a', 'a', 'a', 'rest']);
  });

  it('finds nothing where every service has hosts of its own', () => {
    expect(matcher([{ name: 'a', hosts: ['a.test'], targets }])('b.test', 'GET', '/')).toBeUndefined();
  });
});
